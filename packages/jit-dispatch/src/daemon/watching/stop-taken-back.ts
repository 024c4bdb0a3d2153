import type { Run } from '../../ledger/run.ts';
import type { Claims } from '../../planning/choose-agent.ts';
import { isTakenBack } from '../../planning/is-taken-back.ts';
import { phaseOf } from '../../runners/phases.ts';
import type { TrackerIssue } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { noteStopping } from './note-stopping.ts';

/** Stops agents whose issue was taken from them, without waiting for their next heartbeat to say so. */
export async function stopTakenBack(
  dispatcher: Dispatcher,
  runs: readonly Run[],
  claims: Claims,
): Promise<void> {
  const { tracker, host, log } = dispatcher;
  const suspects = runs.filter(
    ({ state, agent, issue }) =>
      state !== 'created' && claims.get(agent)?.includes(issue) === false,
  );
  if (suspects.length === 0) return;
  const answers = await tracker.call(suspects.map(({ issue }) => ({ do: 'show', issue })));
  for (const [index, suspect] of suspects.entries()) {
    const { run, agent, issue, attempt } = suspect;
    const answer = answers[index];
    const shown = answer?.is === 'ok' ? answer.issues[0] : undefined;
    if (shown === undefined || !isTakenBack(viewOf(shown), attempt, suspect.gate_tries > 0))
      continue;
    const isNew = noteStopping(dispatcher, suspect, 'taken_back');
    host.requestStop(phaseOf(suspect));
    const message = 'the issue was taken back: its agent is stopped';
    if (isNew) log({ level: 'warn', event: 'stop', message, issue, agent, run });
  }
}

function viewOf({ state, attempt, isClaimed, whole }: TrackerIssue) {
  const { last_claim } = (whole ?? {}) as { last_claim?: { reason?: unknown } | null };
  const reason = last_claim?.reason;
  return {
    state,
    attempt,
    lastClaimReason: typeof reason === 'string' && !isClaimed ? reason : null,
  };
}
