import { join } from 'node:path';
import type { RunOutput } from '@jit/contract/outputs/dispatch';
import { defineCommand } from '../context.ts';
import type { Run } from '../ledger/run.ts';
import { readStall } from '../runners/read-run.ts';
import { renderRuns } from '../views/render-runs.ts';
import { toRunOutput } from '../views/to-run-output.ts';
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
    agent: { type: 'string', placeholder: 'ID', describe: 'all runs of one agent' },
    limit: { type: 'number', integer: true, min: 1, placeholder: 'N', describe: 'the latest N' },
  },
  output: 'Run[]',
  exits: ['4 several issues begin with that'],
  async run(context, { all, limit, ...asked }): Promise<RunOutput[]> {
    const filter = await resolveFilter(context, asked);
    const ledger = await context.readLedger();
    if (ledger === null || filter === null) return [];
    const hasFilter = all || Object.keys(filter).length > 0;
    const found = hasFilter ? ledger.runs({ ...filter, limit }) : ledger.liveRuns().reverse();
    const stallOf = (run: Run) =>
      run.ended_at === null ? readStall(join(context.folder, 'runs', run.run)) : null;
    return found.slice(0, limit).map((run) => toRunOutput(run, stallOf(run)));
  },
  render: (list, style) => (list.length === 0 ? 'no runs' : renderRuns(list, style)),
});
