import { findAllMarked } from '../../keeper/identity.ts';
import { listRunFolders } from '../../run-rows.ts';
import { sweepQuestions } from '../classifying/sweep-questions.ts';
import type { Dispatcher } from '../dispatcher.ts';

/**
 * Stops processes that carry the marker of a run of this dispatcher that has ended, or that the
 * ledger does not know: what a dead keeper and a dead dispatcher left between them. A live run is
 * never touched. What a dead dispatcher had asked for classes is killed. Gives the number of runs that
 * had some; a failure is logged, not thrown.
 */
export async function sweep(dispatcher: Dispatcher): Promise<number> {
  const { host, log, config } = dispatcher;
  try {
    sweepQuestions(dispatcher);
    // Processes first: a run is journalled before it has any, so one found now is known below.
    const marked = findAllMarked('JIT_RUN_ID');
    const folders = new Set(marked.size === 0 ? [] : listRunFolders(host.folder('.')));
    const left = [...marked.keys()].filter((run) => folders.has(run) && isOver(dispatcher, run));
    await Promise.all(
      left.map(async (run) => {
        const pids = marked.get(run)?.map(({ pid }) => pid) ?? [];
        noteSwept(dispatcher, run, pids);
        await host.stopOrphan(run, config.stopGraceSecs * 1000);
      }),
    );
    return left.length;
  } catch (error) {
    const message = `could not look for processes of ended runs: ${error instanceof Error ? error.message : error}`;
    log({ level: 'warn', event: 'sweep', message });
    return 0;
  }
}

function isOver({ ledger }: Dispatcher, run: string): boolean {
  const known = ledger.find(run);
  return known === null || known.ended_at !== null;
}

function noteSwept({ ledger, log, now }: Dispatcher, run: string, pids: readonly number[]): void {
  // Of a run it does not know the ledger records nothing.
  ledger.record(run, { type: 'swept', at: now().toISOString(), data: { pids } });
  const message = `left of a run that has ended: stopped, pid ${pids.join(', ')}`;
  log({ level: 'warn', event: 'sweep', message, run });
}
