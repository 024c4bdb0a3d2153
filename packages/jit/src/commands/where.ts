import { defineCommand } from '../cli/define-command.ts';

export const where = defineCommand({
  path: 'where',
  summary: 'which tracker is used, and why that one',
  examples: [{ argv: 'where --json', does: 'the folder, how it was found and where was looked' }],
  output: 'Where',
  exits: ['3 there is no tracker (NOT_A_TRACKER, with the places)'],
  run: ({ where }) => where,
  render: ({ dir, source, reason, looked_in }) =>
    [dir, `${source}: ${reason}`, ...looked_in.map((place) => `looked in ${place}`)].join('\n'),
});
