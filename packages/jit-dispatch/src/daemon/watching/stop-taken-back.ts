import type { Run } from '../../ledger/run.ts';
import { isTakenBack } from '../../planning/is-taken-back.ts';
import { phaseOf } from '../../runners/phases.ts';
import type { TrackerIssue } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import type { Held } from '../looking/held.ts';
import { noteStopping } from './note-stopping.ts';

/** So long a keeper may take to resume a lease that has ended, as after a sleep of the machine. */
const RESUME_MS = 30_000;

/** Since when runs are seen whose lease has ended while their keeper lives, as uptime. */
const expired = new WeakMap<Dispatcher, Map<string, number>>();

/**
 * Stops agents whose issue was taken from them, without waiting for their next heartbeat to say so, and
 * those whose lease has ended and is not resumed: their keeper is frozen.
 */
export async function stopTakenBack(
  dispatcher: Dispatcher,
  runs: readonly Run[],
  held: Held,
): Promise<void> {
  const { tracker } = dispatcher;
  const suspects = runs.filter(
    ({ state, agent, issue, attempt }) =>
      state !== 'created' &&
      held.get(agent)?.some(({ id, ...its }) => id === issue && its.attempt === attempt) === false,
  );
  const before = expired.get(dispatcher);
  const now = new Map<string, number>();
  expired.set(dispatcher, now);
  if (suspects.length === 0) return;
  const answers = await tracker.call(suspects.map(({ issue }) => ({ do: 'show', issue })));
  for (const [index, suspect] of suspects.entries()) {
    const answer = answers[index];
    const shown = answer?.is === 'ok' ? answer.issues[0] : undefined;
    if (shown === undefined) continue;
    const view = viewOf(shown);
    if (isTakenBack(view, suspect.attempt, suspect.gate_tries > 0)) {
      stop(dispatcher, suspect, 'the issue was taken back: its agent is stopped');
    } else if (view.lastClaimReason === 'expired') {
      const since = before?.get(suspect.run) ?? dispatcher.uptimeMs();
      now.set(suspect.run, since);
      if (dispatcher.uptimeMs() - since >= RESUME_MS)
        stop(dispatcher, suspect, 'its lease has ended and is not resumed: its agent is stopped');
    }
  }
}

function stop(dispatcher: Dispatcher, run: Run, message: string): void {
  const { host, log } = dispatcher;
  const isNew = noteStopping(dispatcher, run, 'taken_back');
  host.requestStop(phaseOf(run));
  const { issue, agent } = run;
  if (isNew) log({ level: 'warn', event: 'stop', message, issue, agent, run: run.run });
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
