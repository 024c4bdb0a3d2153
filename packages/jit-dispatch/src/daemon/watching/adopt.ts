import { pid } from 'node:process';
import type { Run } from '../../ledger/run.ts';
import type { RunLook } from '../../runners/run-host.ts';
import type { Dispatcher } from '../dispatcher.ts';

/** Runs that were dispatched by an earlier process, as the first look of this one found them. */
const inherited = new WeakMap<Dispatcher, Set<string>>();

/** Remembers at the first look of a process which runs it has not started itself. */
export function noteInherited(dispatcher: Dispatcher, dispatched: readonly Run[]): void {
  if (inherited.has(dispatcher)) return;
  inherited.set(dispatcher, new Set(dispatched.map(({ run }) => run)));
}

/** Journals, once per process, that a living run of an earlier one is watched by this one. */
export function adopt(dispatcher: Dispatcher, run: Run, { keeper }: RunLook): void {
  if (!inherited.get(dispatcher)?.has(run.run) || keeper === null || 'abandoned' in keeper) return;
  const { ledger, log, now } = dispatcher;
  ledger.record(run.run, { type: 'adopted', at: now().toISOString(), data: { keeper, by: pid } });
  inherited.get(dispatcher)?.delete(run.run);
  log({
    level: 'info',
    event: 'adopted',
    message: `its keeper lives, pid ${keeper.pid}`,
    issue: run.issue,
    agent: run.agent,
    run: run.run,
  });
}
