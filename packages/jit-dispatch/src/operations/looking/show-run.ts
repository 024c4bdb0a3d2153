import { join } from 'node:path';
import type { RunDetailsOutput } from '@jit/contract/outputs/control';
import { readRecord } from '../../keeper/records.ts';
import { type ExitRecord, RUN_FILES } from '../../run-records.ts';
import { openOutput } from '../../runners/open-output.ts';
import { gatesPhase } from '../../runners/phases.ts';
import { readStall } from '../../runners/read-run.ts';
import { outputEnd } from '../../views/output-end.ts';
import { toRunOutput } from '../../views/to-run-output.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { askedSites } from '../finding/asked-sites.ts';
import { resolveRun } from '../finding/resolve-run.ts';
import { collectText, lastLines } from './log-text.ts';

const MAX_BYTES = 16 * 1024;

/** Which run, by its id or a unique beginning, and how many of its last lines of output. */
export interface AskedRun {
  readonly run: string;
  readonly tail: number;
  readonly repository?: string | undefined;
}

/** Everything about one run. Errors: RUN_NOT_FOUND (3), AMBIGUOUS_ID (4), usage (2). */
export async function showRun(
  workbench: Workbench,
  { run: typed, tail, repository }: AskedRun,
): Promise<RunDetailsOutput> {
  const sites = await askedSites(workbench, repository);
  const { site, ...run } = await resolveRun({ ...workbench, sites }, typed);
  const ledger = await workbench.readLedger(site);
  const runs = join(site.folder, 'runs');
  const folder = join(runs, run.run);
  const reader = openOutput(folder);
  const { text, leftOut } = collectText(reader);
  const end = outputEnd(lastLines(text, tail), MAX_BYTES);
  return {
    repository: site.repository,
    run: toRunOutput(run, readStall(folder), '', ledger?.pull(run.run) ?? null),
    workspace: run.workspace,
    folder,
    time_line: (ledger?.timeLine(run.run) ?? []).map(({ at, type, data }) => ({
      at,
      type,
      data: withoutToken(data, run.token),
    })),
    gate_tries: Array.from({ length: run.gate_tries }, (_, index) => {
      const its = join(runs, gatesPhase(run.run, index + 1));
      const exit = readRecord<ExitRecord>(join(its, RUN_FILES.exit));
      const facts = { reason: exit?.reason ?? null, exit_code: exit?.code ?? null };
      return { try: index + 1, folder: its, ...facts };
    }),
    output_end: reader.exists ? end : null,
    left_out: leftOut > 0 || lastLines(text, tail).length < text.length,
  };
}

/** Records name steps, never tokens; one that did all the same is not printed. */
function withoutToken(data: unknown, token: string): Record<string, unknown> {
  const text = JSON.stringify(data ?? {});
  return JSON.parse(token === '' ? text : text.replaceAll(token, '[token]'));
}
