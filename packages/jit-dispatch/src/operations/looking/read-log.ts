import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import type { RunLogOutput } from '@jit/contract/outputs/dispatch';
import type { Run } from '../../ledger/run.ts';
import { RUN_FILES } from '../../run-records.ts';
import { type OutputReader, openOutput } from '../../runners/open-output.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { resolveRun, type SiteRun } from '../finding/resolve-run.ts';
import { followLog } from './follow-log.ts';
import { collectText, lastLines } from './log-text.ts';

/** Whose log, by the run's id or a unique beginning, and how much of it. */
export interface AskedLog {
  readonly run: string;
  /** The last so many lines; undefined: all that was kept. */
  readonly tail?: number | undefined;
}

/** What the agent of a run printed. Errors: RUN_NOT_FOUND, NO_LOG (3), AMBIGUOUS_ID (4). */
export async function readLog(workbench: Workbench, asked: AskedLog): Promise<RunLogOutput> {
  return (await openLog(workbench, asked)).log;
}

/** The same, and on until the agent has ended. */
export async function followRunLog(
  workbench: Workbench,
  asked: AskedLog,
): Promise<AsyncIterableIterator<RunLogOutput>> {
  const { log, run, reader, folder } = await openLog(workbench, asked);
  const ledger = await workbench.readLedger(run.site);
  return followLog(log, { reader, folder, find: () => ledger?.find(run.run) ?? run });
}

interface OpenLog {
  readonly log: RunLogOutput;
  readonly run: SiteRun;
  readonly reader: OutputReader;
  readonly folder: string;
}

async function openLog(workbench: Workbench, { run: typed, tail }: AskedLog): Promise<OpenLog> {
  const run = await resolveRun(workbench, typed);
  const folder = join(run.site.folder, 'runs', run.run);
  const reader = openOutput(folder);
  const { text, leftOut } = collectText(reader);
  if (!reader.exists && run.ended_at !== null) throw noLog(run, folder);
  const wanted = tail === undefined ? text : lastLines(text, tail);
  const log: RunLogOutput = {
    run: run.run,
    state: run.state,
    path: join(folder, RUN_FILES.output),
    text: wanted,
    truncated: leftOut > 0 || wanted.length < text.length,
    left_out: leftOut,
  };
  return { log, run, reader, folder };
}

function noLog({ run, reason }: Run, folder: string): JitError {
  return new JitError('not_found', 'NO_LOG', `run ${run} has no log any more`, {
    hint: `it ended with ${reason ?? 'no reason'}; see jit-dispatch runs --all`,
    details: { run, folder },
  });
}
