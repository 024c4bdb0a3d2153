import { spawn } from 'node:child_process';

/** A program that is told something and given a time. */
export interface HookRun {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** What it reads on stdin. */
  readonly input: string;
  readonly timeoutMs: number;
}

/** A hook that was started. `ended` gives what went wrong in words, or null, and never throws. */
export interface HookProcess {
  readonly ended: Promise<string | null>;
}

const OUTPUT_CAP = 2_048;

/**
 * Starts a hook without a shell, in a group of its own, which is killed at the limit. It goes on if
 * this process dies. What has left the group and holds the output is not waited for.
 */
export function startHook({ argv, cwd, environment, input, timeoutMs }: HookRun): HookProcess {
  const [file = '', ...args] = argv;
  const ended = new Promise<string | null>((resolve) => {
    let output = '';
    let timer: NodeJS.Timeout | undefined;
    const finish = (problem: string | null): void => {
      clearTimeout(timer);
      resolve(problem);
    };
    try {
      const child = spawn(file, args, {
        cwd,
        env: environment,
        detached: true,
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      const keep = (text: Buffer): void => {
        output = (output + text.toString('utf8')).slice(-OUTPUT_CAP);
      };
      child.stdout.on('data', keep);
      child.stderr.on('data', keep);
      // A hook may end without reading.
      child.stdin.on('error', () => {});
      child.stdin.end(input);
      child.once('error', (error) => finish(error.message));
      child.once('exit', (code, signal) => {
        const how = code === null ? `was killed by ${signal}` : `ended with exit ${code}`;
        const said = output.trim() === '' ? '' : `: ${output.trim()}`;
        child.stdout.destroy();
        child.stderr.destroy();
        finish(code === 0 ? null : how + said);
      });
      timer = setTimeout(() => {
        killGroup(child.pid);
        for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
        child.unref();
        finish(`did not end within ${timeoutMs / 1000} s and was killed`);
      }, timeoutMs);
    } catch (error) {
      finish(error instanceof Error ? error.message : String(error));
    }
  });
  return { ended };
}

/** Its leader has not been waited for yet, so the number is still that of its group. */
function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}
