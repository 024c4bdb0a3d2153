import { spawn } from 'node:child_process';

/** Where a hook runs, and for how long at most. */
export interface HookPlace {
  readonly cwd: string;
  readonly timeoutMs: number;
}

/** Runs a hook: no shell, its input on stdin. Rejects when it fails or takes too long. */
export function runHook(
  [program = '', ...args]: readonly string[],
  input: string,
  { cwd, timeoutMs }: HookPlace,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      shell: false,
    });
    // Its own group: the hook may be a shell script around the real one.
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, timeoutMs);
    const end = (error: Error | null): void => {
      clearTimeout(timer);
      if (error === null) resolve();
      else reject(error);
    };
    child.once('error', end);
    child.once('exit', (code, signal) =>
      end(code === 0 ? null : new Error(`it ended with ${signal ?? `exit code ${code}`}`)),
    );
    child.stdin.on('error', () => {}).end(input);
  });
}
