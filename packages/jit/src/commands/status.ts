import type { Style } from '@jit/cli-kit/style';
import type { LabelStatusOutput } from '@jit/contract/outputs/repository';
import { defineCommand } from '../cli/define-command.ts';
import { readTracker } from '../cli/read-tracker.ts';
import { onOneLine } from '../domain/plain-text.ts';
import { toStatus } from '../views/status.ts';

/** Labels that the text shows without --label; all of them stand in --json. */
const MAX_LABELS = 20;

export const status = defineCommand({
  path: 'status',
  summary: 'how many issues there are in which state',
  description:
    'With --json every label has its counts; the text shows those of the form key:value.',
  examples: [
    { argv: 'status', does: "counts by state and priority, live claims, files that can't be used" },
    { argv: "status --label 'epic:*'", does: 'how far each epic is' },
  ],
  options: {
    label: {
      type: 'list',
      alias: 'l',
      placeholder: 'LABEL',
      describe: 'only labels like this, * at the end stands for anything; repeated: any of them',
    },
  },
  output: 'Status',
  run: (context, args) =>
    readTracker(context, (tx) => {
      const { by_label, ...counts } = toStatus(tx, context.where.dir);
      const shown =
        args.label.length === 0
          ? by_label
          : by_label.filter(({ label }) => fits(label, args.label));
      return { ...counts, by_label: shown, [ASKED]: args.label.length > 0 };
    }),
  render: (
    { dir, total, by_state, unfinished_by_priority, claims, by_label, unreadable, [ASKED]: asked },
    style,
  ) => {
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
      ...labelLines(by_label, asked, style),
    ];
    return lines.filter((line) => line !== '').join('\n');
  },
});

/** Labels were asked for: for the text form only, because JSON leaves symbols out. */
const ASKED: unique symbol = Symbol('asked');

function fits(label: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? label.startsWith(pattern.slice(0, -1)) : label === pattern,
  );
}

function labelLines(rows: readonly LabelStatusOutput[], asked: boolean, style: Style): string[] {
  const wanted = asked ? rows : rows.filter(({ label }) => /^[^:]+:./.test(label));
  const shown = asked ? wanted : wanted.slice(0, MAX_LABELS);
  const width = Math.max(0, ...shown.map(({ label }) => onOneLine(label).length));
  const lines = shown.map((row) => {
    const rest = (['ready', 'open', 'in_progress', 'gated'] as const)
      .filter((state) => row[state] > 0)
      .map((state) => `${row[state]} ${state}`);
    const done = `${String(row.percent).padStart(3)} %  ${row.finished} of ${row.total}`;
    return [`${onOneLine(row.label).padEnd(width)}  ${done}`, ...rest].join(' · ');
  });
  const hidden = wanted.length - shown.length;
  return hidden > 0
    ? [...lines, style.dim(`… ${hidden} more labels: jit status --label '*'`)]
    : lines;
}
