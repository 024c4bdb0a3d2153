import type { IssueHistoryOutput } from '@jit/contract/outputs/control';
import { defineCommand } from '../context.ts';
import { oneLine } from '../views/one-line.ts';
import { repositoryOption } from './_options.ts';

export const history = defineCommand({
  path: 'history',
  summary: 'Show what happened to an issue, here and in the tracker',
  description:
    'Its runs of this dispatcher and the orders about it, and what the log of the tracker says: claims of every dispatcher, releases and failures, escalations, holds. Oldest first.',
  examples: [{ argv: 'history 7kq2', does: 'who tried it, and what came of that' }],
  positionals: [{ name: 'issue', required: true, describe: 'id, or a unique beginning' }],
  options: repositoryOption,
  output: 'IssueHistory',
  exits: [
    '3 INVALID_REQUEST: no such issue',
    '4 INVALID_REQUEST: several repositories have it',
    '10 the tracker could not be asked',
  ],
  run: ({ dispatcher }, { issue, repository }): Promise<IssueHistoryOutput> =>
    dispatcher.history(issue, { repository }),
  async render({ issue, title, state, counts, entries }, style) {
    const figures = Object.entries(counts)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ');
    const rows = entries.map(({ at, what, agent, actor, failed, detail }) => [
      at,
      what,
      agent ?? actor ?? '',
      oneLine([failed === null ? '' : `failed (${failed})`, detail].filter(Boolean).join(' ')),
    ]);
    const table = await style.table(rows, ['AT', 'WHAT', 'WHO', 'WHY']);
    return `${style.bold(issue)}  ${state}  ${oneLine(title)}\n${figures}\n\n${table}`;
  },
});
