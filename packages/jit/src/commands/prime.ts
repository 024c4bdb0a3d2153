import { defineCommand } from '../cli/define-command.ts';
import { readTracker } from '../cli/read-tracker.ts';
import { toPrime } from '../views/prime.ts';

export const prime = defineCommand({
  path: 'prime',
  summary: 'what an agent should know to work here, in short',
  description:
    'For the start of a session: how to get, do and finish work in this repository, with its states, gates and labels. Always under 1,500 tokens.',
  examples: [{ argv: 'prime', does: 'prints it as Markdown' }],
  output: 'Prime',
  run: (context) =>
    readTracker(context, (tx) =>
      toPrime(tx, context.where.dir, context.carried === null ? null : context.carried.issue),
    ),
  render: ({ text }) => text.trimEnd(),
});
