import { existsSync } from 'node:fs';
import { runInGroup } from '../workspaces/run-in-group.ts';
import { type ClassAnswer, readClass } from './read-class.ts';
import { shortWords } from './short-words.ts';

/** A question about the class of an issue. */
export interface ClassQuestion {
  /** Never rejects; its words are one line for people, without secrets. */
  readonly answer: Promise<ClassAnswer>;
  /** Ends it at once. */
  cancel(): void;
}

/** What is asked, and where. */
export interface ClassAsked {
  readonly argv: readonly string[];
  readonly timeoutSecs: number;
  /** What it reads as JSON on stdin. */
  readonly issue: unknown;
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** A program that prints more than this gives no answer. */
const OUTPUT_LIMIT = 64 * 1024;

/**
 * Asks a program of which class an issue is. It runs without a shell, in a group of its own that is killed
 * at the limit, with this process when that ends in order, and for what it leaves behind when it ends.
 */
export function askClass(asked: ClassAsked): ClassQuestion {
  const stop = new AbortController();
  const cancel = (): void => stop.abort();
  process.once('exit', cancel);
  const answer = ask(asked, stop.signal).then((given) => {
    process.off('exit', cancel);
    const words = (text: string): string => shortWords(text, asked.environment);
    return given.is === 'told'
      ? { ...given, detail: words(given.detail) }
      : { ...given, message: words(given.message) };
  });
  return { answer, cancel };
}

async function ask(
  { argv, timeoutSecs, issue, cwd, environment }: ClassAsked,
  signal: AbortSignal,
): Promise<ClassAnswer> {
  const { problem, code, stdout, tail } = await runInGroup({
    argv,
    cwd,
    environment,
    timeoutMs: timeoutSecs * 1000,
    input: `${JSON.stringify(issue)}\n`,
    outputLimit: OUTPUT_LIMIT,
    stopsGroup: true,
    signal,
  });
  if (problem === null) return readClass(stdout);
  if (code === null && !existsSync(cwd))
    return { is: 'failed', message: `the folder to run it in is gone: ${cwd}` };
  const said = code === null || tail === '' ? '' : `: ${tail}`;
  return { is: 'failed', message: problem + said };
}
