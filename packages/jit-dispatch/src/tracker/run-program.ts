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
 * Runs the tracker's program to its end, without a shell.
 * @throws JitError when it is missing, takes too long, prints too much or is killed
 */
export async function runProgram(
  program: TrackerProgram,
  { args, input, environment, timeoutMs }: ProgramRun,
): Promise<ProgramResult> {
  const { execa } = await import('execa');
  const [file = 'jit', ...prefix] = program.argv;
  const called = [file, ...prefix, ...args].join(' ');
  const done = await execa(file, [...prefix, ...args, ...program.suffix], {
    cwd: program.cwd,
    env: { ...environment, ...program.env },
    extendEnv: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    timeout: timeoutMs,
    maxBuffer: OUTPUT_CAP,
    reject: false,
    stripFinalNewline: false,
    cleanup: true,
  });
  const { exitCode, stdout, stderr } = done;
  if (done.timedOut)
    throw trackerError(
      'TRACKER_TIMEOUT',
      `\`${called}\` did not end within ${timeoutMs / 1000} s`,
      {
        hint: 'see what it waits for; the limit is tracker.timeout_secs',
        printed: stdout,
        retryable: true,
      },
    );
  if (done.isMaxBuffer)
    throw trackerError('TRACKER_GARBAGE', `\`${called}\` printed more than 16 MiB`, {
      hint: 'run it by hand to see what it prints',
      printed: stdout,
    });
  if (exitCode === undefined) throw notStarted(done, called, file);
  return { exit: exitCode, stdout, stderr };
}

function notStarted(
  done: {
    code?: string | undefined;
    signal?: string | undefined;
    shortMessage?: string | undefined;
    stdout: string;
  },
  called: string,
  file: string,
): Error {
  if (done.signal !== undefined)
    return trackerError('TRACKER_FAILED', `\`${called}\` was killed by ${done.signal}`, {
      hint: 'run it by hand to see what happens',
      printed: done.stdout,
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
