import { defineCommand } from '../cli/define-command.ts';
import { readTracker } from '../cli/read-tracker.ts';
import { toStatus } from '../views/status.ts';

export const status = defineCommand({
  path: 'status',
  summary: 'how many issues there are in which state',
  examples: [
    { argv: 'status', does: "counts by state and priority, live claims, files that can't be used" },
  ],
  output: 'Status',
  run: (context) => readTracker(context, (tx) => toStatus(tx, context.where.dir)),
  render: ({ dir, total, by_state, unfinished_by_priority, claims, unreadable }, style) => {
    const counts = (all: Readonly<Record<string, number>>) =>
      Object.entries(all)
        .filter(([, count]) => count > 0)
        .map(([name, count]) => `${count} ${name}`)
        .join(' · ');
    const lines = [
      `${style.bold(`${total} ${total === 1 ? 'issue' : 'issues'}`)} in ${dir}`,
      counts(by_state),
      counts(unfinished_by_priority) === '' ? '' : `unfinished: ${counts(unfinished_by_priority)}`,
      claims === 0 ? '' : `${claims} claimed`,
      unreadable.length === 0 ? '' : style.red(`can't be used: ${unreadable.join(', ')}`),
    ];
    return lines.filter((line) => line !== '').join('\n');
  },
});
