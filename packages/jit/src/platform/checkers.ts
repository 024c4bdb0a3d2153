import type { ChildProcess } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { JitError } from '@jit/contract/errors';
import type { CheckerEnd } from '../domain/verdict.ts';
import { type HeadAndTail, headAndTail } from './head-and-tail.ts';
import { endGroup, signalGroup, timer } from './process-group.ts';

/** What is run for a gate. */
export interface CheckerSpec {
  /** For `sh -c`. */
  readonly command: string;
  /** Where it runs, absolute. */
  readonly root: string;
  /** A folder below the root, or null. */
  readonly workingDir: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** After so many seconds its group is ended. */
  readonly timeoutSecs: number;
}

/** What became of a checker, and what it printed. */
export interface CheckerResult {
  readonly end: CheckerEnd;
  readonly output: HeadAndTail;
}

/** How long a group has between SIGTERM and SIGKILL, in milliseconds. */
const GRACE_MS = 2000;
/** The same for a checker whose `jit` was interrupted: the whole program has one second to end. */
const INTERRUPTED_GRACE_MS = 200;
/** How long a process outside the group may hold the output open after the checker's end, in milliseconds. */
const DRAIN_MS = 500;

/**
 * Starts the command, as `$1`, with one pipe for both streams, so that their order is kept. Beside it a
 * watcher reads from us until we are gone, also by SIGKILL: then nobody is left to keep the time limit,
 * and it ends the group.
 */
const STARTER = '(read -r _ <&3; kill -s KILL -- -$$) >/dev/null 2>&1 & exec sh -c "$1" 2>&1 3<&-';

/** Longest time limit, in seconds: a timer of Node holds 24 days, and fires at once beyond that. */
const MAX_TIMEOUT_SECS = 86_400;

/** The checkers that run at this moment. No lock is held while they do. */
export class Checkers {
  private readonly running = new Set<ChildProcess>();
  private stopped = false;

  /**
   * Runs a command to its end in a process group of its own. Whatever is left of the group when the
   * checker itself has ended is ended too: nothing waits for a grandchild that holds the output.
   * Errors: INTERRUPTED (130), if `stop` came first.
   */
  async run(spec: CheckerSpec): Promise<CheckerResult> {
    const output = headAndTail();
    const cwd = folderOf(spec);
    if (typeof cwd !== 'string') return { end: cwd, output };
    const child = this.start(spec, cwd);
    if (child instanceof Error) {
      return {
        end: { kind: 'not_started', why: `sh could not be started: ${child.message}` },
        output,
      };
    }
    child.stdout?.on('data', (chunk: Buffer) => output.add(chunk));
    this.running.add(child);
    try {
      const end = await withinLimit(child, spec.timeoutSecs);
      if (this.stopped) throw interrupted();
      return { end, output };
    } finally {
      letGo(child);
      this.running.delete(child);
    }
  }

  /** Ends every group that runs: nothing of it is to be recorded. */
  async stop(): Promise<void> {
    if (this.running.size === 0) return;
    this.stopped = true;
    const all = [...this.running];
    await Promise.all(all.map((child) => endGroup(child.pid, INTERRUPTED_GRACE_MS)));
    for (const child of all) letGo(child);
  }

  private start({ command, env }: CheckerSpec, cwd: string): ChildProcess | Error {
    if (this.stopped) throw interrupted();
    const { spawn } = process.getBuiltinModule('node:child_process');
    try {
      const child = spawn('sh', ['-c', STARTER, 'sh', command], {
        cwd,
        env,
        stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
        detached: true,
      });
      child.stdio[3]?.on('error', () => {}); // it only has to be open
      return child;
    } catch (error) {
      // A NUL character in a hand-written definition, for example.
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

/** Closes our ends of its pipes. */
function letGo(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stdio[3]?.destroy();
}

/** Where a checker runs, or why that is not possible: it may not leave the worktree, by links neither. */
function folderOf({ root, workingDir }: CheckerSpec): string | CheckerEnd {
  const notThere = (why: string): CheckerEnd => ({ kind: 'not_started', why });
  const wanted = workingDir === null ? root : join(root, workingDir);
  if (workingDir !== null && isAbsolute(workingDir))
    return notThere(`its working directory is not relative to the worktree: ${workingDir}`);
  try {
    const folder = realpathSync(wanted);
    const inside = relative(realpathSync(root), folder);
    if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
      return notThere(`its working directory is outside the worktree: ${workingDir}`);
    if (!statSync(folder).isDirectory())
      return notThere(`its working directory is no folder: ${wanted}`);
    return folder;
  } catch {
    return notThere(`its working directory is not there: ${wanted}`);
  }
}

async function withinLimit(child: ChildProcess, limitSecs: number): Promise<CheckerEnd> {
  const ended = new Promise<CheckerEnd>((resolve) => {
    child.once('error', (error) => {
      resolve({ kind: 'not_started', why: `sh could not be started: ${error.message}` });
    });
    child.once('exit', (code, signal) => {
      resolve(
        code === null ? { kind: 'killed', signal: String(signal) } : { kind: 'exited', code },
      );
    });
  });
  const closed = new Promise<void>((resolve) => {
    child.stdout?.once('close', () => resolve());
  });
  const secs = Math.min(Math.max(limitSecs, 0), MAX_TIMEOUT_SECS);
  const timeout = timer(secs * 1000);
  const release = endWithProcess(child);
  try {
    const end = await Promise.race([ended, timeout.done]);
    await endGroup(child.pid, GRACE_MS);
    // What was printed is in the pipe; only something outside the group can still hold it open.
    const drain = timer(DRAIN_MS);
    await Promise.race([closed, drain.done]);
    drain.cancel();
    return end ?? { kind: 'timed_out', after_secs: secs };
  } finally {
    timeout.cancel();
    release();
  }
}

/** A checker does not outlive a `jit` whose terminal was closed, or which ends for any reason it can notice. */
function endWithProcess(child: ChildProcess): () => void {
  const kill = () => void signalGroup(child.pid, 'SIGKILL');
  const hangUp = () => {
    kill();
    process.off('SIGHUP', hangUp);
    process.kill(process.pid, 'SIGHUP');
  };
  process.once('exit', kill).on('SIGHUP', hangUp);
  return () => void process.off('exit', kill).off('SIGHUP', hangUp);
}

function interrupted(): JitError {
  return new JitError('interrupted', 'INTERRUPTED', 'interrupted: nothing was recorded', {
    retryable: true,
  });
}
