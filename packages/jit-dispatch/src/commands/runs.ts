import type { RunOutput } from '@jit/contract/outputs/dispatch';
import { defineCommand } from '../context.ts';
import { renderRuns } from '../views/render-runs.ts';
import { repositoryOption } from './_options.ts';

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
  run: ({ dispatcher }, filter): Promise<RunOutput[]> => dispatcher.runs(filter),
  // Into a pipe nothing: a script would take words for a run.
  render: (list, style) =>
    list.length === 0 ? (style.isTty ? 'no runs' : '') : renderRuns(list, style),
});
