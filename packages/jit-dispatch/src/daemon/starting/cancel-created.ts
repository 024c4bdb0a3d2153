import type { Run } from '../../ledger/run.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { forgetPostponed } from '../say-postponed.ts';
import { noteSettling } from '../settling/note-settling.ts';

/**
 * Ends runs that are claimed, or whose claim was never answered, and that are not to be started any
 * more. The claim may have been given, so it is released with the token that was journalled before
 * it was asked for. Runs that the tracker does not answer for stay as they are.
 */
export async function cancelCreated(dispatcher: Dispatcher, runs: readonly Run[]): Promise<Run[]> {
  if (runs.length === 0) return [];
  const reason = 'stopped: not started';
  const release = { do: 'release', reason, failed: null, deferSecs: null } as const;
  for (const run of runs) noteSettling(dispatcher, run, release);
  const answers = await dispatcher.tracker.call(
    runs.map(({ issue, token }) => ({ ...release, issue, token })),
  );
  return runs.flatMap((run, index) => {
    const answer = answers[index];
    const isAnswered = answer?.is === 'ok' || (answer?.is === 'refused' && !answer.retryable);
    if (!isAnswered) return [];
    const at = dispatcher.now().toISOString();
    const change = { state: 'canceled', reason: 'stopped', detail: reason, ended_at: at } as const;
    dispatcher.ledger.record(run.run, { type: 'canceled', at }, change);
    forgetPostponed(dispatcher, run);
    const { issue, agent } = run;
    dispatcher.log({
      level: 'info',
      event: 'canceled',
      message: 'not started, given back',
      issue,
      agent,
      run: run.run,
      reason: 'stopped',
    });
    return [{ ...run, ...change }];
  });
}
