import { join } from 'node:path';
import type { RunOutput } from '@jit/contract/outputs/dispatch';
import { defineCommand } from '../context.ts';
import { readStall } from '../runners/read-run.ts';
import { renderRuns } from '../views/render-runs.ts';
import { toRunOutput } from '../views/to-run-output.ts';
import { askedSites, repositoryOption } from './_asked-sites.ts';
import { resolveFilter } from './_resolve-filter.ts';

export const runs = defineCommand({
  path: 'runs',
  summary: 'List live runs, or with --all every run and how it ended',
  examples: [
    { argv: 'runs --all --limit 20', does: 'the last twenty runs' },
    { argv: 'runs --issue 7kq2m9xw4d', does: 'every run of one issue' },
  ],
  options: {
    all: { type: 'boolean', describe: 'also runs that have ended' },
    issue: {
      type: 'string',
      placeholder: 'ID',
      describe: 'all runs of one issue; a unique beginning will do',
    },
    ...repositoryOption,
    agent: { type: 'string', placeholder: 'ID', describe: 'all runs of one agent' },
    limit: { type: 'number', integer: true, min: 1, placeholder: 'N', describe: 'the latest N' },
  },
  output: 'Run[]',
  exits: ['4 several issues begin with that'],
  async run(context, { all, limit, repository, ...asked }): Promise<RunOutput[]> {
    const sites = await askedSites(context, repository);
    const opened = await Promise.all(
      sites.map(async (site) => ({ site, ledger: await context.readLedger(site) })),
    );
    const known = opened.flatMap(({ site, ledger }) => (ledger === null ? [] : [{ site, ledger }]));
    const filter = await resolveFilter(
      context,
      known.map(({ ledger }) => ledger),
      asked,
    );
    if (filter === null) return [];
    const hasFilter = all || Object.keys(filter).length > 0;
    const found = known.flatMap(({ site, ledger }) => {
      const runs = hasFilter ? ledger.runs({ ...filter, limit }) : ledger.liveRuns().reverse();
      return runs.map((run) => ({ site, run }));
    });
    // The newest first, whichever repository it is of; within one in the order of its ledger.
    if (known.length > 1) found.sort((a, b) => compare(b.run.created_at, a.run.created_at));
    return found.slice(0, limit).map(({ site, run }) => {
      const folder = join(site.folder, 'runs', run.run);
      return toRunOutput(run, run.ended_at === null ? readStall(folder) : null, site.repository);
    });
  },
  // Into a pipe nothing: a script would take words for a run.
  render: (list, style) =>
    list.length === 0 ? (style.isTty ? 'no runs' : '') : renderRuns(list, style),
});

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
