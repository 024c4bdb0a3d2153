import type { Style } from '@jit/cli-kit/style';
import type {
  ExplainedIssueOutput,
  ExplanationOutput,
  RootCauseOutput,
} from '@jit/contract/outputs/explanation';
import { defineCommand } from '../../cli/define-command.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { pathInWords } from '../../domain/graph.ts';
import { onOneLine } from '../../domain/plain-text.ts';
import { toExplanation } from '../../views/explanation.ts';
import { idArgument } from './_arguments.ts';

/** Lines of each part of the text; everything stands in --json. */
const MAX_LINES = 20;

export const explain = defineCommand({
  path: 'issue explain',
  summary: 'why an issue is or is not ready, and what would change that',
  description:
    'Follows everything the issue waits for down to the roots: who has to finish what, which gate is open, which date has to come. Each issue stands there once.',
  examples: [
    { argv: 'issue explain 7kq2', does: 'the reasons in words, with the next command of each' },
    { argv: 'issue explain 7kq2 --json', does: 'chain and roots as data' },
  ],
  positionals: [idArgument],
  output: 'Explanation',
  exits: ['3 no such issue', '4 its file cannot be read, or the prefix fits several'],
  run: (context, args) =>
    readTracker(context, (tx) => toExplanation(tx, tx.mustHave(tx.resolve(args.id)))),
  render: inWords,
});

function inWords({ title, summary, chain, roots }: ExplanationOutput, style: Style): string {
  const [, ...below] = chain;
  const links = new Map(chain.map((link) => [link.id, link]));
  const parts = [
    `${style.bold(onOneLine(title))}\n${onOneLine(summary)}`,
    part('It waits for', below.map(linkLine), style),
    part(
      'What would change that',
      roots.map((root) => rootLines(root, links)),
      style,
    ),
  ];
  return parts.filter((text) => text !== '').join('\n\n');
}

function part(title: string, entries: readonly string[], style: Style): string {
  if (entries.length === 0) return '';
  const hidden = entries.length - MAX_LINES;
  const shown = hidden > 0 ? entries.slice(0, MAX_LINES) : entries;
  const more = hidden > 0 ? [`  … ${hidden} more, see --json`] : [];
  return [style.bold(title), ...shown, ...more].join('\n');
}

function linkLine({ short_id, state, title }: ExplainedIssueOutput): string {
  return `  ${[short_id, state, onOneLine(title ?? '')].join(' ').trimEnd()}`;
}

function rootLines(
  { issue, words, next }: RootCauseOutput,
  links: ReadonlyMap<string, ExplainedIssueOutput>,
): string {
  const lines = [`- ${onOneLine(words)}`, `    next: ${onOneLine(next)}`];
  const path: string[] = [];
  for (let id: string | null = issue; id !== null; id = links.get(id)?.via ?? null) path.push(id);
  if (path.length > 2) lines.push(`    by way of ${pathInWords(path.reverse())}`);
  return lines.join('\n');
}
