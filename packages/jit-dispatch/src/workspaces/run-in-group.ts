import { type ChildProcess, spawn } from 'node:child_process';

/** A program and how far it may go. */
export interface GroupRun {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** What it reads on stdin; without it, it has none. */
  readonly input?: string;
  /** Killed when it prints more bytes than this, both streams together. */
  readonly outputLimit?: number;
  /** What it leaves of its group when it ends is killed, too. */
  readonly stopsGroup?: boolean;
  /** Ends it at once. */
  readonly signal?: AbortSignal | undefined;
  /** Given both of its streams; without it they are kept and given back. */
  readonly onOutput?: (chunk: Buffer) => void;
}

/** How it ended: `problem` in words, or null for exit 0. */
export interface GroupEnd {
  readonly problem: string | null;
  readonly code: number | null;
  readonly stdout: string;
  /** The end of both streams. */
  readonly tail: string;
}

const STDOUT_CAP = 16 * 1024 * 1024;
const TAIL_BYTES = 2_048;
/** What has left the group and holds the output is not waited for longer. */
const DRAIN_MS = 1_000;

/** Runs a program without a shell, in a group of its own that is killed at the limit. Never throws. */
export function runInGroup(run: GroupRun): Promise<GroupEnd> {
  const { argv, cwd, environment, timeoutMs, input, stopsGroup = false, signal, onOutput } = run;
  const { outputLimit = Number.POSITIVE_INFINITY } = run;
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    const out: Buffer[] = [];
    let size = 0;
    let printed = 0;
    let tail = Buffer.alloc(0);
    let killedBecause: string | null = null;
    const finish = (problem: string | null, code: number | null): void =>
      resolve({
        problem,
        code,
        stdout: Buffer.concat(out).toString('utf8'),
        tail: tail.toString('utf8').trim(),
      });
    if (signal?.aborted) return finish('was not started: the run was stopped', null);
    let child: ChildProcess;
    try {
      child = spawn(program, args, {
        cwd,
        env: environment,
        detached: true,
        stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        shell: false,
      });
    } catch (error) {
      return finish(error instanceof Error ? error.message : String(error), null);
    }
    // It may end without reading.
    child.stdin?.on('error', () => {}).end(input);
    const keep = (chunk: Buffer): void => {
      printed += chunk.length;
      if (printed > outputLimit) kill(`printed more than ${outputLimit} bytes and was killed`);
      tail = Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES);
      onOutput?.(chunk);
    };
    child.stderr?.on('data', keep);
    child.stdout?.on('data', (chunk: Buffer) => {
      keep(chunk);
      size += chunk.length;
      if (onOutput === undefined && size <= STDOUT_CAP) out.push(chunk);
    });
    const kill = (reason: string): void => {
      killedBecause ??= reason;
      // Until it is waited for, its number is that of its group and of no other.
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        killGroup(child.pid);
    };
    const timer = setTimeout(
      () => kill(`did not end within ${timeoutMs / 1000} s and was killed`),
      timeoutMs,
    );
    const onAbort = (): void => kill('was killed: the run was stopped');
    signal?.addEventListener('abort', onAbort, { once: true });
    const end = (problem: string | null, code: number | null): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      child.stdout?.destroy();
      child.stderr?.destroy();
      finish(problem, code);
    };
    child.once('error', (error) => {
      if (child.pid === undefined) end(wordsOf(error, program), null);
    });
    child.once('exit', (code, by) => {
      // Members that are left keep the number from being given away.
      if (stopsGroup && child.pid !== undefined) killGroup(child.pid);
      const how = code === null ? `was killed by ${by}` : `ended with exit ${code}`;
      const done = (): void => {
        clearTimeout(drain);
        const isWell = code === 0 && killedBecause === null && size <= STDOUT_CAP;
        end(isWell ? null : (killedBecause ?? how), code);
      };
      const drain = setTimeout(done, DRAIN_MS);
      child.once('close', done);
    });
  });
}

function wordsOf(error: NodeJS.ErrnoException, program: string): string {
  if (error.code === 'ENOENT') return `was not found: ${program}`;
  return error.code === 'EACCES' ? `is no program that may be run: ${program}` : error.message;
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}
