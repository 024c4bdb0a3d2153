import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorKind, JitError } from '@jit/contract/errors';
import type { ContextTools } from '../src/cli-options.ts';
import { type CommandIndexEntry, commandFor } from '../src/define-command.ts';
import { commonGlobals } from '../src/globals.ts';
import type { Io } from '../src/io.ts';

/** The context of the toy program. */
export interface ToyContext {
  readonly actor: string | undefined;
  readonly io: Io;
  readonly warn: ContextTools['warn'];
  interrupt?: (times: number) => void;
  close(): void;
}

const defineCommand = commandFor<ToyContext>();

export const addNote = defineCommand({
  path: 'note add',
  summary: 'Add a note',
  examples: [{ argv: "note add 'Buy milk' --priority high", does: 'adds a note' }],
  positionals: [{ name: 'title', describe: 'what it is about', required: true }],
  options: {
    priority: {
      type: 'string',
      alias: 'p',
      describe: 'how urgent it is',
      choices: ['low', 'normal', 'high'],
      default: 'normal',
    },
    'due-date': { type: 'string', describe: 'when it is due' },
    memo: { type: 'string', describe: 'anything', allowEmpty: true },
    copies: { type: 'number', describe: 'how many', integer: true, min: 1, max: 9 },
    weight: { type: 'number', describe: 'how heavy' },
    loud: { type: 'boolean', describe: 'shout' },
    tag: { type: 'list', describe: 'tags', split: ',' },
    link: { type: 'list', describe: 'links' },
    body: { type: 'text', alias: 'b', describe: 'the text' },
    footer: { type: 'text', describe: 'below the text', allowEmpty: true },
  },
  output: 'note',
  exits: ['6 a note of this title exists'],
  run: (context, args) => ({ ...args, actor: context.actor ?? null }),
  render: (note, style) => `added ${style.bold(note.title)}`,
});

export const listNotes = defineCommand({
  path: 'note list',
  summary: 'List the notes',
  examples: [],
  output: 'note.list',
  run: () => [
    { id: '007', title: 'Buy milk' },
    { id: '1e10', title: '牛乳を買う, today rather than tomorrow' },
  ],
  render: (notes, style) =>
    style.table(
      notes.map(({ id, title }) => [id, title]),
      ['ID', 'TITLE'],
    ),
});

export const showNotes = defineCommand({
  path: 'note show',
  summary: 'Show notes',
  examples: [],
  positionals: [
    { name: 'form', describe: 'how', required: true, choices: ['short', 'long'] },
    { name: 'note-id', describe: 'which', variadic: true, required: true },
  ],
  options: { owner: { type: 'string', describe: 'whose', required: true } },
  output: 'note.list',
  run: (_, { form, noteId, owner }) => ({ form, noteId, owner }),
  render: ({ noteId }) => noteId.join(' '),
});

export const feed = defineCommand({
  path: 'feed',
  summary: 'Print lines as they come',
  examples: [],
  options: {
    count: { type: 'number', describe: 'how many', default: 3 },
    'fail-at': { type: 'number', describe: 'the line that failed' },
    forever: { type: 'boolean', describe: 'wait for more' },
  },
  output: 'feed.line',
  stream: 'lines',
  async *run(_, { count, failAt, forever }) {
    for (let line = 1; line <= count; line += 1) yield { line, ok: line !== failAt };
    if (forever) await sleep(60_000);
  },
  render: ({ line }) => `line ${line}`,
  exit: ({ ok }) => (ok ? null : 'conflict'),
});

export const fail = defineCommand({
  path: 'fail',
  summary: 'Go wrong',
  examples: [],
  positionals: [{ name: 'how', describe: 'in what way', required: true }],
  output: 'none',
  run(context, { how }) {
    context.warn('something is odd');
    if (how === 'bug') throw new TypeError('x is not a function');
    if (how === 'verdict') return { passed: false };
    // The cast: the test passes a kind.
    throw new JitError(how as ErrorKind, 'TOY', 'it went wrong', {
      hint: 'try another way',
      details: { how },
    });
  },
  render: ({ passed }) => (passed ? 'passed' : 'failed'),
  exit: ({ passed }) => (passed ? null : 'blocked'),
});

export const big = defineCommand({
  path: 'big',
  summary: 'Print much',
  examples: [],
  options: { lines: { type: 'number', describe: 'how many', default: 2 } },
  output: 'text',
  run: (_, { lines }) => Array.from({ length: lines }, (_, at) => `${at}`.padStart(99, '.')),
  render: (lines) => lines.join('\n'),
});

export const wait = defineCommand({
  path: 'wait',
  summary: 'Wait for a signal',
  examples: [],
  options: {
    graceful: { type: 'boolean', describe: 'finish when interrupted' },
    stubborn: { type: 'boolean', describe: 'do not even end then' },
  },
  output: 'wait',
  stream: 'lines',
  async *run(context, { graceful, stubborn }) {
    const pause = new AbortController();
    let times = 0;
    if (graceful || stubborn) {
      context.interrupt = (count) => {
        times = count;
        if (graceful) pause.abort();
      };
    }
    yield { times };
    await sleep(60_000, undefined, { signal: pause.signal }).catch(() => {});
    yield { times };
  },
  render: ({ times }) => `signals: ${times}`,
});

export const echo = defineCommand({
  path: 'echo',
  summary: 'Print what comes in',
  examples: [],
  output: 'echo',
  stream: 'lines',
  async *run({ io }) {
    yield { ready: true };
    for await (const chunk of io.stdin()) yield { chunk: Buffer.from(chunk).toString() };
  },
  render: (item) => JSON.stringify(item),
});

/** A fresh index of the toy's commands. */
export function toyCommands(): CommandIndexEntry<ToyContext>[] {
  return [
    { path: 'note add', summary: addNote.summary, group: 'Notes', load: async () => addNote },
    {
      path: 'note list',
      summary: listNotes.summary,
      group: 'Notes',
      aliases: ['notes'],
      load: async () => listNotes,
    },
    { path: 'note show', summary: showNotes.summary, group: 'Notes', load: async () => showNotes },
    { path: 'feed', summary: feed.summary, load: async () => feed },
    { path: 'fail', summary: fail.summary, load: async () => fail },
    { path: 'big', summary: big.summary, load: async () => big },
    { path: 'echo', summary: echo.summary, hidden: true, load: async () => echo },
    { path: 'wait', summary: wait.summary, hidden: true, load: async () => wait },
  ];
}

/** The toy program, all but its argv and Io. */
export function toyProgram(hooks: { onClose?: () => void } = {}) {
  return {
    name: 'toy',
    version: '1.2.3',
    summary: 'Keeps notes.',
    commands: toyCommands(),
    topics: { 'exit-codes': '0 is fine' },
    globals: commonGlobals,
    createContext(
      { actor }: { readonly actor: string | undefined },
      io: Io,
      { warn }: ContextTools,
    ): ToyContext {
      return { actor, io, warn, close: () => hooks.onClose?.() };
    },
  };
}
