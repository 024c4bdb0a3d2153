import type { Run } from '../ledger/run.ts';
import type { Claims } from '../planning/choose-agent.ts';
import { isTakenBack } from '../planning/is-taken-back.ts';
import type { TrackerIssue } from '../tracker/tracker.ts';
import type { Dispatcher } from './dispatcher.ts';

/** Stops agents whose issue was taken from them, without waiting for their next heartbeat to say so. */
export async function stopTakenBack(
  { tracker, host, log }: Dispatcher,
  runs: readonly Run[],
  claims: Claims,
): Promise<void> {
  const suspects = runs.filter(
    ({ state, agent, issue }) =>
      state !== 'created' && claims.get(agent)?.includes(issue) === false,
  );
  if (suspects.length === 0) return;
  const answers = await tracker.call(suspects.map(({ issue }) => ({ do: 'show', issue })));
  for (const [index, { run, agent, issue, attempt }] of suspects.entries()) {
    const answer = answers[index];
    const shown = answer?.is === 'ok' ? answer.issues[0] : undefined;
    if (shown === undefined || !isTakenBack(viewOf(shown), attempt)) continue;
    host.requestStop(run);
    const message = 'the issue was taken back: its agent is stopped';
    log({ level: 'warn', event: 'stop', message, issue, agent, run });
  }
}

function viewOf({ state, attempt, whole }: TrackerIssue) {
  const { last_claim } = (whole ?? {}) as { last_claim?: { reason?: unknown } | null };
  const reason = last_claim?.reason;
  return { state, attempt, lastClaimReason: typeof reason === 'string' ? reason : null };
}
