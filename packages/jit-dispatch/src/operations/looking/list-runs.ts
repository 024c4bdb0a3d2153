import { join } from 'node:path';
import type { RunOutput } from '@jit/contract/outputs/dispatch';
import { readStall } from '../../runners/read-run.ts';
import { toRunOutput } from '../../views/to-run-output.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { askedSites } from '../finding/asked-sites.ts';
import { type AskedFilter, resolveFilter } from '../finding/resolve-filter.ts';

/** Which runs are asked for; live ones only, where no issue and no agent is named. */
export interface AskedRuns extends AskedFilter {
  /** Also runs that have ended. */
  readonly all?: boolean | undefined;
  readonly repository?: string | undefined;
  /** The latest so many. */
  readonly limit?: number | undefined;
}

/**
 * Runs, the newest first. An empty list, with a warning, where nothing ever ran of such an issue or agent.
 * @throws JitError usage (2), AMBIGUOUS_ID (4)
 */
export async function listRuns(
  workbench: Workbench,
  { all = false, limit, repository, ...asked }: AskedRuns,
): Promise<RunOutput[]> {
  const sites = await askedSites(workbench, repository);
  const opened = await Promise.all(
    sites.map(async (site) => ({ site, ledger: await workbench.readLedger(site) })),
  );
  const known = opened.flatMap(({ site, ledger }) => (ledger === null ? [] : [{ site, ledger }]));
  const filter = await resolveFilter(
    workbench,
    known.map(({ ledger }) => ledger),
    asked,
  );
  if (filter === null) return [];
  const hasFilter = all || Object.keys(filter).length > 0;
  const found = known.flatMap(({ site, ledger }) => {
    const runs = hasFilter ? ledger.runs({ ...filter, limit }) : ledger.liveRuns().reverse();
    return runs.map((run) => ({ site, ledger, run }));
  });
  // The newest first, whichever repository it is of; within one in the order of its ledger.
  if (known.length > 1) found.sort((a, b) => compare(b.run.created_at, a.run.created_at));
  return found.slice(0, limit).map(({ site, ledger, run }) => {
    const folder = join(site.folder, 'runs', run.run);
    const stall = run.ended_at === null ? readStall(folder) : null;
    return toRunOutput(run, stall, site.repository, ledger.pull(run.run));
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
