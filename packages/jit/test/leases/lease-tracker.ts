import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ended } from '@jit/testkit/processes';
import { collect, runBundle, startBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { onTestFinished } from 'vitest';
import type { Answer } from '../concurrency/answers.ts';
import { answers } from '../concurrency/answers.ts';

/** A parsed answer: each test knows what it asked for. */
type Json = ReturnType<typeof JSON.parse>;

/** How the clock of a tracker's processes differs from the machine's. */
export interface Moved {
  readonly offset_secs?: number;
  readonly wall_secs?: number;
  readonly boot?: string;
}

/** On a loaded machine many processes may need longer than the default of ten seconds. */
const PATIENT = ['--lock-timeout', '60'];

/** The two ways to give jit a command. */
export const WAYS = ['single commands', 'jit batch'] as const;
export type Way = (typeof WAYS)[number];

/** A `jit batch` that stays open. */
export interface OpenBatch {
  readonly child: ChildProcess;
  /** Sends a line and waits for its answer. */
  ask(argv: readonly string[]): Promise<Answer>;
  /** Sends a line. */
  send(argv: readonly string[]): void;
  next(): Promise<Answer>;
}

/** A tracker of which all processes have one clock, that the test moves. */
export interface LeaseTracker {
  readonly cwd: string;
  setClock(moved: Moved): void;
  run(argv: readonly string[], env?: Record<string, string>): Promise<Ended>;
  /** Runs with --json; the exit code must be the given one. */
  json(argv: readonly string[], exit?: number): Promise<Json>;
  /** Runs many lines in one `jit batch`. */
  lines(argvs: readonly (readonly string[])[]): Promise<Answer[]>;
  /** Runs one command this way or that and tells its exit code. */
  exitBy(way: Way, argv: readonly string[]): Promise<number | null | undefined>;
  create(title: string, ...flags: readonly string[]): Promise<string>;
  createMany(count: number): Promise<string[]>;
  /** Starts a process that is ended with the test, at the latest. */
  start(argv: readonly string[]): ChildProcess;
  openBatch(): OpenBatch;
  /** Every issue file and every line of the log. */
  truth(): string;
  events(): Json[];
}

/** A new tracker in a temporary folder. */
export async function leaseTracker(cwd = tempFolder()): Promise<LeaseTracker> {
  const clock = join(tempFolder(), 'clock.json');
  const setClock = (moved: Moved) => {
    writeFileSync(`${clock}.new`, JSON.stringify(moved));
    renameSync(`${clock}.new`, clock);
  };
  setClock({});
  const env = { JIT_TEST_CLOCK: clock };
  const run: LeaseTracker['run'] = (argv, more = {}) =>
    runBundle('jit (test build)', argv, { cwd, env: { ...env, ...more } });
  const json: LeaseTracker['json'] = async (argv, exit = 0) => {
    const ended = await run([...argv, '--json', ...PATIENT]);
    if (ended.exit !== exit)
      throw new Error(`jit ${argv.join(' ')}: ${ended.exit}\n${ended.stdout}${ended.stderr}`);
    return JSON.parse(ended.stdout);
  };
  const start: LeaseTracker['start'] = (argv) => {
    const child = startBundle('jit (test build)', argv, { cwd, env });
    onTestFinished(() => void child.kill('SIGKILL'));
    child.stdin?.on('error', () => {}); // it may be killed while it is written to
    return child;
  };
  const lines: LeaseTracker['lines'] = async (argvs) => {
    const child = start(['batch', ...PATIENT]);
    const { stdout } = await collect(
      child,
      argvs.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line): Answer => JSON.parse(line));
  };
  if ((await run(['init'])).exit !== 0) throw new Error('jit init failed');
  const jit = join(cwd, '.jit');
  const namesIn = (folder: string) =>
    existsSync(join(jit, folder)) ? readdirSync(join(jit, folder)).sort() : [];
  const read = (folder: string) =>
    namesIn(folder).map((name) => readFileSync(join(jit, folder, name), 'utf8'));
  return {
    cwd,
    setClock,
    run,
    json,
    lines,
    start,
    exitBy: async (way, argv) =>
      way === 'jit batch'
        ? (await lines([argv]))[0]?.exit
        : (await run([...argv, ...PATIENT])).exit,
    create: async (title, ...flags) => (await json(['issue', 'create', title, ...flags])).id,
    async createMany(count) {
      const argvs = Array.from({ length: count }, (_, n) => ['issue', 'create', `issue ${n}`]);
      return (await lines(argvs)).map(({ result }) => String(result?.id));
    },
    openBatch() {
      const child = start(['batch', ...PATIENT]);
      const { next } = answers(child);
      const send = (argv: readonly string[]) =>
        void child.stdin?.write(`${JSON.stringify(argv)}\n`);
      return {
        child,
        next,
        send,
        ask(argv) {
          send(argv);
          return next();
        },
      };
    },
    truth: () => [...read('issues'), ...read('events')].join(''),
    events: () =>
      read('events')
        .flatMap((text) => text.split('\n').filter(Boolean))
        .map((line): Json => JSON.parse(line))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}
