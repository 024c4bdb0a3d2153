import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runBundle, startBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { onTestFinished } from 'vitest';
import type { ProgramResult, runProgram } from '../../src/tracker/run-program.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** One answer of `jit batch`. */
export interface Answer {
  readonly exit: number;
  // biome-ignore lint/suspicious/noExplicitAny: each caller knows what it asked for
  readonly result?: any;
  readonly error?: { readonly code: string; readonly message: string };
}

/**
 * The real jit on a real repository, its time that of the simulation. One process that stays open
 * answers everything, so that hours of polling take seconds.
 */
export interface OpenJit {
  readonly root: string;
  /** In place of a process for each call. */
  readonly run: typeof runProgram;
  ask(...argv: readonly string[]): Promise<Answer>;
  /** Lines in, as many lines out. */
  lines(input: string): Promise<string>;
  /** Calls back when somebody may have changed something. */
  onWrite(callback: () => void): void;
}

const READS = new Set(['query', 'where', 'status', 'events', 'validate']);
const READ_VERBS = new Set(['show', 'list', 'search', 'heartbeat']);

/** Makes a repository and opens it. */
export async function openJit(clock: SimulatedClock): Promise<OpenJit> {
  const root = tempFolder();
  const file = join(tempFolder(), 'clock.json');
  let stood = '';
  const setClock = (): void => {
    const stands_at = { wall: clock.now().getTime(), uptime: clock.uptimeMs() / 1000 };
    const text = JSON.stringify({ stands_at });
    if (text === stood) return;
    stood = text;
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };
  setClock();
  const env = { JIT_TEST_CLOCK: file };
  const made = await runBundle('jit (test build)', ['init'], { cwd: root, env });
  if (made.exit !== 0) throw new Error(made.stderr);
  const child = startBundle('jit (test build)', ['batch'], { cwd: root, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('no pipes');
  stdin.on('error', () => {}); // the test is over
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: stdout }).on('line', (line) => waiting.shift()?.(line));
  let announce = (): void => {};

  const send = (line: string): Promise<string> => {
    setClock();
    const answer = new Promise<string>((resolve) => waiting.push(resolve));
    stdin.write(`${line}\n`);
    return answer;
  };
  const lines = async (input: string): Promise<string> => {
    const asked = input.split('\n').filter((line) => line.trim() !== '');
    const answers = await clock.hold(Promise.all(asked.map(send)));
    if (asked.some(mayWrite)) announce();
    return answers.map((line) => `${line}\n`).join('');
  };
  const ask = async (...argv: readonly string[]): Promise<Answer> =>
    JSON.parse(await lines(JSON.stringify(argv))) as Answer;

  return {
    root,
    ask,
    lines,
    onWrite: (callback) => {
      announce = callback;
    },
    async run(_, { args, input }): Promise<ProgramResult> {
      if (args.includes('--atomic')) {
        // All or nothing ends with the input, so it is a process of its own.
        setClock();
        const options = { cwd: root, env, stdin: input ?? '' };
        const ended = await clock.hold(runBundle('jit (test build)', args, options));
        announce();
        return { exit: ended.exit ?? 1, stdout: ended.stdout, stderr: ended.stderr };
      }
      if (args[0] === 'batch') return { exit: 0, stdout: await lines(input ?? ''), stderr: '' };
      const { exit, result, error } = await ask(...args.filter((word) => word !== '--json'));
      return { exit, stdout: JSON.stringify(exit === 0 ? result : { error }), stderr: '' };
    },
  };
}

function mayWrite(line: string): boolean {
  const [topic = '', verb = ''] = JSON.parse(line) as string[];
  return !READS.has(topic) && !READ_VERBS.has(verb);
}
