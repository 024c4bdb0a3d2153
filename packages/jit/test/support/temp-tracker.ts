import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContextTools } from '@jit/cli-kit/cli-options';
import { findCommand } from '@jit/cli-kit/find-command';
import { commonGlobals } from '@jit/cli-kit/globals';
import type { Io } from '@jit/cli-kit/io';
import { ErrorOutput } from '@jit/contract/outputs/error';
import { outputSchema } from '@jit/contract/outputs/registry';
import { type CallOptions, type Ended, runInProcess, wordsOf } from '@jit/testkit/run-in-process';
import { stateFolder } from '@jit/testkit/state-folder';
import { tempFolder } from '@jit/testkit/temp-folder';
import { COMMANDS } from '../../src/commands/index.ts';
import { createContext, type JitGlobals } from '../../src/context.ts';

/** A parsed answer: each test knows what it asked for and looks into it field by field. */
export type Json = ReturnType<typeof JSON.parse>;

/** The error of a failed call. */
export interface Failure {
  readonly exit: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly details: Json;
}

/** A line of `.jit/events`. */
export type LoggedEvent = Readonly<Record<string, Json>>;

/** A tracker in a temporary folder, and jit running on it in this process. */
export interface TempTracker {
  readonly dir: string;
  /** Runs a command line as it is. */
  run(line: string | readonly string[], options?: CallOptions): Promise<Ended>;
  /** Runs it with --json; it must succeed, and its answer fit the schema that the command names. */
  json(line: string | readonly string[], options?: CallOptions): Promise<Json>;
  /** Runs it with --json; it must fail with an error that fits the schema. */
  fails(line: string | readonly string[], options?: CallOptions): Promise<Failure>;
  /** Runs argv lines through `jit batch`; each answer must fit the schema of its command. */
  batch(lines: readonly (readonly string[])[], flags?: readonly string[]): Promise<BatchEnded>;
  /** Makes an issue and gives its id. */
  create(title: string, ...flags: readonly string[]): Promise<string>;
  /** Everything in the event log, in the order of ids. */
  events(): LoggedEvent[];
  /** The file of an issue. */
  file(id: string): Json;
}

/** What became of a batch. */
export interface BatchEnded extends Ended {
  readonly answers: readonly Json[];
}

/** A new tracker. Its folder is removed when the test ends. */
export async function tempTracker(): Promise<TempTracker> {
  const dir = tempFolder();
  const run: TempTracker['run'] = (line, { env, ...options } = {}) => {
    const argv = typeof line === 'string' ? wordsOf(line) : line;
    const around = { JIT_ACTOR: 'ana', JIT_DIR: dir, XDG_STATE_HOME: stateFolder(), ...env };
    return runInProcess(PROGRAM, argv, { ...options, env: around });
  };
  const parsed = async (line: string | readonly string[], options?: CallOptions) => {
    const argv = [...(typeof line === 'string' ? wordsOf(line) : line), '--json'];
    const ended = await run(argv, options);
    return { argv, ended, answer: JSON.parse(ended.stdout) };
  };
  const json: TempTracker['json'] = async (line, options) => {
    const { argv, ended, answer } = await parsed(line, options);
    if (ended.exit !== 0) throw new Error(`${argv.join(' ')}: exit ${ended.exit}\n${ended.stdout}`);
    await checkAnswer(argv, answer);
    return answer;
  };
  await json('init');
  return {
    dir,
    run,
    json,
    async fails(line, options) {
      const { argv, ended, answer } = await parsed(line, options);
      if (ended.exit === 0) throw new Error(`${argv.join(' ')} did not fail`);
      return { exit: ended.exit, ...ErrorOutput.parse(answer).error };
    },
    async batch(lines, flags = []) {
      const stdin = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      const ended = await run(['batch', ...flags], { stdin });
      const answers = ended.stdout
        .split('\n')
        .filter(Boolean)
        .map((text): Json => JSON.parse(text));
      for (const [at, answer] of answers.entries()) await checkLine(lines[at] ?? [], answer);
      return { ...ended, answers };
    },
    create: async (title, ...flags) => (await json(['issue', 'create', title, ...flags])).id,
    events: () => eventsIn(join(dir, '.jit', 'events')),
    file: (id) => JSON.parse(readFileSync(join(dir, '.jit', 'issues', `${id}.json`), 'utf8')),
  };
}

/** jit as its process runs it, without a process. */
export const PROGRAM = {
  name: 'jit',
  version: '0.0.0-test',
  commands: COMMANDS,
  globals: commonGlobals,
  createContext: (globals: JitGlobals, io: Io, tools: ContextTools) =>
    createContext(globals, io, tools, 'in a test'),
};

async function checkLine(argv: readonly string[], answer: Json): Promise<void> {
  outputSchema('BatchLine')?.parse(answer);
  if (answer.exit === 0) await checkAnswer(argv, answer.result);
}

async function checkAnswer(argv: readonly string[], answer: unknown): Promise<void> {
  const { entry } = await findCommand(COMMANDS, argv, commonGlobals, 'jit');
  // Every answer fits a schema in which each field may be missing: that one counts for --fields only.
  const chosen = argv.some((word) => word.startsWith('--fields'));
  const named = (await entry.load()).output.split(' | ');
  const output = named.filter((name) => chosen || !name.startsWith('IssueFields')).join(' | ');
  const schema = outputSchema(output);
  if (schema === undefined) throw new Error(`no schema is called ${output}`);
  schema.parse(answer);
}

function eventsIn(folder: string): LoggedEvent[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean))
    .map((line): LoggedEvent => JSON.parse(line))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
