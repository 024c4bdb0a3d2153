// Documents name files, commands, flags and functions. They must be there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { pathsOf } from '../packages/cli-kit/src/command-index.ts';
import type { CommandIndexEntry } from '../packages/cli-kit/src/define-command.ts';
import { commonGlobals } from '../packages/cli-kit/src/globals.ts';
import type { OptionSpecs } from '../packages/cli-kit/src/option-spec.ts';
import { COMMANDS } from '../packages/jit/src/commands/index.ts';
import { TOPICS } from '../packages/jit/src/commands/topics.ts';
import { commands as DISPATCH_COMMANDS } from '../packages/jit-dispatch/src/commands/index.ts';
import { dispatchGlobals } from '../packages/jit-dispatch/src/context.ts';
import { WAIT_REASONS } from '../packages/jit-dispatch/src/planning/plan-cycle.ts';
import {
  WHAT_ENDS_A_WAIT,
  WHAT_ENDS_AN_ESCALATION,
} from '../packages/jit-dispatch/src/views/what-next.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
    (file) => `${folder}/${file}`,
  );

const DOCUMENTS = [
  ...['README.md', 'TESTING.md', 'CONTRIBUTING.md'],
  ...[...filesIn('docs'), ...filesIn('examples')].filter((file) => file.endsWith('.md')),
];
const SHELL_BLOCKS = /^```(?:sh|bash|console|crontab)\n([\s\S]*?)^```$/gm;
const BLOCKS = /^```[\s\S]*?^```$/gm;
const SPANS = /`([^`\n]+)`/g;

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, match = '']) => match);

const spansOf = (text: string): string[] => matches(text.replaceAll(BLOCKS, ''), SPANS);

/** What the documents name, each with its document for the message. */
function named(find: (text: string) => readonly string[]): string[] {
  return DOCUMENTS.flatMap((file) => find(textOf(file)).map((name) => `${file}: ${name}`));
}

const nameOf = (entry: string): string => entry.slice(entry.indexOf(': ') + 2);

test('every file that a document names exists', () => {
  const PLACE = /(?:^|\s)((?:packages|scripts|examples|docs)\/[\w./-]*)(?=$|\s)/g;
  const paths = named((text) => [
    ...spansOf(text).flatMap((span) => matches(span, PLACE)),
    ...matches(text, SHELL_BLOCKS).flatMap((block) => matches(block, PLACE)),
  ]);
  expect(paths.length).toBeGreaterThan(40);
  expect(paths.filter((path) => !existsSync(join(root, nameOf(path))))).toEqual([]);
});

test('every link leads to a file', () => {
  const links = DOCUMENTS.flatMap((file) =>
    matches(textOf(file).replaceAll(BLOCKS, ''), /\]\(([^)#]+)\)/g)
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => join(dirname(file), target)),
  );
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('the list of decisions is complete, and they have a short form', () => {
  const list = textOf('docs/decisions/README.md');
  const decisions = readdirSync(join(root, 'docs/decisions')).filter((file) => /^\d/.test(file));
  for (const [index, file] of decisions.sort().entries()) {
    const text = textOf(`docs/decisions/${file}`);
    const title = text.slice(2, text.indexOf('\n'));
    expect(title).toMatch(new RegExp(`^${index + 1}\\. `));
    expect(list).toContain(`- [${title}](${file})\n`);
    expect(matches(text, /^\*\*(\w+)\.\*\*/gm)).toEqual(['Context', 'Decision', 'Consequences']);
  }
});

test('every test that a document names by its words exists in that file', () => {
  const cited = DOCUMENTS.flatMap((document) =>
    [...textOf(document).matchAll(/`([^`\n]+\.test\.ts)`: "([^"\n]+)"/g)].map(
      ([, file = '', name = '']) => ({ file, name }),
    ),
  );
  expect(cited.length).toBeGreaterThan(30);
  const missing = cited.filter(
    ({ file, name }) => !existsSync(join(root, file)) || !textOf(file).includes(name),
  );
  expect(missing).toEqual([]);
});

test('every row about an earlier dispatcher names a test that exists, by its words', () => {
  const lines = textOf('docs/earlier-dispatchers.md').split('\n');
  const isRow = (line = ''): boolean => line.startsWith('| ');
  const isRule = (line = ''): boolean => /^\|(?: -+ \|)+$/.test(line);
  const rows = lines.filter((line, at) => isRow(line) && !isRule(line) && !isRule(lines[at + 1]));
  const isProved = (row: string): boolean => {
    const cited = [...row.matchAll(/`([^`]+\.test\.ts)`: "[^"]+"/g)].map(([, file = '']) => file);
    return cited.length > 0 && cited.every((file) => existsSync(join(root, file)));
  };
  expect(rows.length).toBeGreaterThan(200);
  expect(rows.filter((row) => !isProved(row))).toEqual([]);
});

const sources = filesIn('packages').filter(
  (file) => /\/src\/.*\.ts$/.test(file) && !file.includes('/node_modules/'),
);
const code = sources.map(textOf).join('\n');

test('every function and constant that the architecture and the decisions name exists', () => {
  const NAME = /^(?:[A-Z]\w*\.)?([a-z]+[A-Z]\w*|[A-Z]+[a-z]\w*[A-Z]\w*|[A-Z]+_[A-Z_]+)$/g;
  const names = ['docs/architecture.md', ...filesIn('docs/decisions'), 'CONTRIBUTING.md'].flatMap(
    (file) => spansOf(textOf(file)).flatMap((span) => matches(span, NAME)),
  );
  expect(names.length).toBeGreaterThan(30);
  const isNamed = (name: string) => new RegExp(`\\b${name}\\b`).test(code);
  expect(names.filter((name) => !isNamed(name))).toEqual([]);
});

test('every invariant of the architecture is cited by the file it names', () => {
  const rows = [
    ...textOf('docs/architecture.md').matchAll(/^\| ([A-Z]+(?:-[A-Z]+)+) +\|.*`(.+?)` +\|$/gm),
  ];
  expect(rows.length).toBeGreaterThan(10);
  const uncited = rows.filter(
    ([, name, file]) => !textOf(file ?? '').includes(`invariant ${name}`),
  );
  expect(uncited.map(([, name]) => name)).toEqual([]);
});

test('every invariant that the code cites stands in the architecture', () => {
  const cited = matches(code, /invariant ([A-Z]+(?:-[A-Z]+)+)/g);
  const table = matches(textOf('docs/architecture.md'), /^\| ([A-Z]+(?:-[A-Z]+)+) +\|/gm);
  expect(cited.length).toBeGreaterThan(0);
  expect(cited.filter((name) => !table.includes(name))).toEqual([]);
});

interface Program {
  readonly commands: readonly CommandIndexEntry<never>[];
  readonly globals: OptionSpecs;
}

const PROGRAMS: Readonly<Record<string, Program>> = {
  jit: { commands: COMMANDS, globals: commonGlobals },
  'jit-dispatch': { commands: DISPATCH_COMMANDS, globals: dispatchGlobals },
};

/** The calls of our programs in a document: in spans, and in lines of blocks for a shell. */
function callsOf(text: string): string[] {
  const lines = matches(text, SHELL_BLOCKS).flatMap((block) =>
    block.replaceAll(/\\\n\s*/g, ' ').split('\n'),
  );
  return [...spansOf(text), ...lines].flatMap((line) =>
    matches(line, /(?:^|[$&|;(]\s*)(jit(?:-dispatch)? [a-z-][^#|;&>)]*)/g).map((call) =>
      call.trim(),
    ),
  );
}

/** What is wrong with a call, or null. */
async function problemOf(call: string): Promise<string | null> {
  const [program = '', ...words] = call.replaceAll(/"[^"]*"/g, '"').split(/\s+/);
  const { commands, globals } = PROGRAMS[program] ?? { commands: [], globals: {} };
  const end = words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word));
  const path = words.slice(0, end < 0 ? words.length : end);
  if (program === 'jit' && path[0] === 'help' && (path[1] ?? '') in TOPICS) return null;
  for (let length = path.length; length > 0; length -= 1) {
    const typed = path.slice(0, length).join(' ');
    const entry = commands.find((each) => pathsOf(each).includes(typed));
    if (entry !== undefined)
      return unknownFlag(words, { ...(await entry.load()).options, ...globals });
  }
  return path.length === 0 ? unknownFlag(words, globals) : 'no such command';
}

function unknownFlag(words: readonly string[], options: OptionSpecs): string | null {
  const flags = words.flatMap((word) => matches(word, /^--([a-z-]+)/g));
  const isKnown = (flag: string): boolean =>
    ['help', 'version'].includes(flag) ||
    flag in options ||
    options[flag.replace(/-file$/, '')]?.type === 'text';
  const unknown = flags.find((flag) => !isKnown(flag));
  return unknown === undefined ? null : `no flag --${unknown}`;
}

test('every command and flag that a document shows exists', async () => {
  const calls = named(callsOf);
  expect(calls.length).toBeGreaterThan(40);
  const problems: string[] = [];
  for (const call of calls) {
    const problem = await problemOf(nameOf(call));
    if (problem !== null) problems.push(`${call}: ${problem}`);
  }
  expect(problems).toEqual([]);
});

test('every reason to wait stands in the chapter about waiting, and no other word does', () => {
  const [, chapter = ''] = textOf('docs/runs.md').split('## Why something waits\n');
  const list = matches(chapter.split('\n## ')[0] ?? '', /^- (.*?):/gm).join();
  const words = matches(list, /`([a-z_]+)`/g).sort();
  expect(words).toEqual([...WAIT_REASONS].sort());
});

/** What is wrong with a call in a sentence, or null: also with how many words it takes. */
async function hintProblem(call: string): Promise<string | null> {
  const [program = '', ...words] = call.split(/\s+/);
  const { commands } = PROGRAMS[program] ?? { commands: [] };
  const typed = [2, 1].map((length) => words.slice(0, length).join(' '));
  const entry = typed.flatMap(
    (path) => commands.find((each) => pathsOf(each).includes(path)) ?? [],
  )[0];
  if (entry === undefined) return 'no such command';
  const { options, positionals } = await entry.load();
  const rest = words.slice(entry.path.split(' ').length);
  const prose = rest.findIndex((word) =>
    /^(shows|frees|gives|has|finds|runs|for|where)$/.test(word),
  );
  const given = prose < 0 ? rest : rest.slice(0, prose);
  const flags = given.filter((word) => word.startsWith('--'));
  const values = flags.filter((flag) => options[flag.slice(2)]?.type !== 'boolean').length;
  const count = given.length - flags.length - values;
  const least = positionals.filter(({ required }) => required).length;
  if (
    count < least ||
    (count > positionals.length && !positionals.some(({ variadic }) => variadic))
  )
    return `${count} words instead of ${least}`;
  return unknownFlag(given, options);
}

test('every command that an explanation names exists, with its flags and as many words', async () => {
  const facts = { issue: 'ISSUE', repository: 'NAME', assignee: 'ana', to: null };
  const hints = [...Object.values(WHAT_ENDS_A_WAIT), ...Object.values(WHAT_ENDS_AN_ESCALATION)];
  const calls = [
    ...hints.map((hint) => hint(facts)),
    ...hints.map((hint) => hint({ ...facts, repository: '' })),
  ]
    .flatMap((hint) => matches(hint, /\b(jit(?:-dispatch)? [^,;()]*)/g))
    .map((call) => call.trim());
  expect(calls.length).toBeGreaterThan(20);
  expect(await hintProblem('jit-dispatch logs')).not.toBeNull();
  expect(await hintProblem('jit-dispatch runs --nonsense')).not.toBeNull();
  const problems: string[] = [];
  for (const call of calls) {
    const problem = await hintProblem(call);
    if (problem !== null) problems.push(`${call}: ${problem}`);
  }
  expect(problems).toEqual([]);
});
