import { existsSync } from 'node:fs';
import { excerpt, trackerError } from './tracker-error.ts';
import type { TrackerProgram } from './tracker-program.ts';

/** What the tracker's program printed, and how it ended. */
export interface ProgramResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One run of the tracker's program. */
export interface ProgramRun {
  readonly args: readonly string[];
  readonly input?: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
}

const OUTPUT_CAP = 16 * 1024 * 1024;

/**
 * Runs the tracker's program to its end, without a shell, in a group of its own. What it printed is
 * quoted in no error when it got an input: tokens are in that, and may be in the answer.
 * @throws JitError when it is missing, takes too long, prints too much or is killed
 */
export async function runProgram(
  program: TrackerProgram,
  { args, input, environment, timeoutMs }: ProgramRun,
): Promise<ProgramResult> {
  const { execa } = await import('execa');
  const [file = 'jit', ...prefix] = program.argv;
  const called = [file, ...prefix, ...args].join(' ');
  const child = execa(file, [...prefix, ...args, ...program.suffix], {
    cwd: program.cwd,
    env: { ...environment, ...program.env },
    extendEnv: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    maxBuffer: OUTPUT_CAP,
    reject: false,
    stripFinalNewline: false,
    detached: true,
  });
  const quotable = (printed: string): { printed?: string } =>
    input === undefined ? { printed } : {};
  const done = await withinLimit(child, timeoutMs);
  if (done === null)
    throw trackerError(
      'TRACKER_TIMEOUT',
      `\`${called}\` did not end within ${timeoutMs / 1000} s`,
      { hint: 'see what it waits for; the limit is tracker.timeout_secs', retryable: true },
    );
  const { exitCode, stdout, stderr } = done;
  if (done.isMaxBuffer)
    throw trackerError('TRACKER_TOO_LONG', `\`${called}\` printed more than 16 MiB`, {
      hint: 'run it by hand to see what it prints',
      ...quotable(stdout),
    });
  if (exitCode === undefined)
    throw notStarted(done, { called, file, cwd: program.cwd, ...quotable(stdout) });
  return { exit: exitCode, stdout, stderr };
}

/** What of a running program is needed to end it. */
interface Killable {
  readonly pid?: number | undefined;
  readonly stdin: { destroy(): unknown } | null;
  readonly stdout: { destroy(): unknown } | null;
  readonly stderr: { destroy(): unknown } | null;
  once(event: 'exit', listener: () => void): unknown;
}

/**
 * The end of a program, or null at the limit: then its whole group is killed, and nobody waits for
 * what has left the group and still holds its output.
 */
async function withinLimit<T>(child: Killable & PromiseLike<T>, ms: number): Promise<T | null> {
  // Its number names its own group for as long as members were seen when it ended.
  let isOurs = true;
  child.once('exit', () => {
    isOurs = signalGroup(child.pid, 0);
  });
  const killGroup = () => isOurs && signalGroup(child.pid, 'SIGKILL');
  process.once('exit', killGroup);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      killGroup();
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
      resolve(null);
    }, ms);
  });
  try {
    return await Promise.race([child, limit]);
  } finally {
    clearTimeout(timer);
    process.off('exit', killGroup);
  }
}

/** False if there is no such group. */
function signalGroup(leader: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (leader === undefined) return false;
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}

function notStarted(
  done: {
    code?: string | undefined;
    signal?: string | undefined;
    shortMessage?: string | undefined;
  },
  { called, file, cwd, printed }: { called: string; file: string; cwd: string; printed?: string },
): Error {
  if (done.signal !== undefined)
    return trackerError('TRACKER_FAILED', `\`${called}\` was killed by ${done.signal}`, {
      hint: 'run it by hand to see what happens',
      ...(printed === undefined ? {} : { printed }),
      retryable: true,
    });
  if (!existsSync(cwd))
    return trackerError('TRACKER_FAILED', `the folder to run \`${called}\` in is gone: ${cwd}`, {
      hint: 'put the folder back, or start the dispatcher where the repository is now',
      retryable: true,
    });
  if (done.code === 'ENOENT' || done.code === 'EACCES')
    return trackerError(
      'TRACKER_NOT_FOUND',
      `the tracker's program ${done.code === 'ENOENT' ? 'was not found' : 'cannot be run'}: ${file}`,
      { hint: 'install jit, or name it in dispatch.toml: [tracker] command = "…"' },
    );
  return trackerError('TRACKER_FAILED', `\`${called}\`: ${done.shortMessage ?? excerpt('')}`, {
    hint: 'run it by hand to see what happens',
  });
}
