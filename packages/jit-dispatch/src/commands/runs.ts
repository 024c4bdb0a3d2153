import type { RunOutput } from '@jit/contract/outputs/dispatch';
import { defineCommand } from '../context.ts';
import { renderRuns } from '../views/render-runs.ts';
import { toRunOutput } from '../views/to-run-output.ts';

export const runs = defineCommand({
  path: 'runs',
  summary: 'List live runs, or with --all every run and how it ended',
  examples: [
    { argv: 'runs --all --limit 20', does: 'the last twenty runs' },
    { argv: 'runs --issue 7kq2m9xw4d', does: 'every run of one issue' },
  ],
  options: {
    all: { type: 'boolean', describe: 'also runs that have ended' },
    issue: { type: 'string', placeholder: 'ID', describe: 'all runs of one issue' },
    agent: { type: 'string', placeholder: 'ID', describe: 'all runs of one agent' },
    limit: { type: 'number', integer: true, min: 1, placeholder: 'N', describe: 'the latest N' },
  },
  output: 'RunList',
  async run(context, { all, issue, agent, limit }): Promise<RunOutput[]> {
    const ledger = await context.readLedger();
    if (ledger === null) return [];
    const hasFilter = all || issue !== undefined || agent !== undefined;
    const found = hasFilter ? ledger.runs({ issue, agent, limit }) : ledger.liveRuns().reverse();
    return found.slice(0, limit).map(toRunOutput);
  },
  render: (list, style) => (list.length === 0 ? 'no runs' : renderRuns(list, style)),
});
