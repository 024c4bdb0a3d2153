import { spawn } from 'node:child_process';

/** A program that is told something and given a time. */
export interface HookRun {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** What it reads on stdin. */
  readonly input: string;
  readonly timeoutMs: number;
  /** Killed when it prints more bytes than this; without it, any amount is read and dropped. */
  readonly outputLimit?: number;
}

/** A hook that was started. `ended` gives what went wrong in words, or null, and never throws. */
export interface HookProcess {
  readonly ended: Promise<string | null>;
  /** Kills it with its group, for the reason that is then its problem. */
  kill(reason: string): void;
}

const OUTPUT_CAP = 2_048;

/**
 * Starts a hook without a shell, in a group of its own, which is killed at the limit. It goes on if
 * this process dies. What has left the group and holds the output is not waited for.
 */
export function startHook(run: HookRun): HookProcess {
  const { argv, cwd, environment, input, timeoutMs, outputLimit = Number.POSITIVE_INFINITY } = run;
  const [file = '', ...args] = argv;
  let kill: HookProcess['kill'] = () => {};
  const ended = new Promise<string | null>((resolve) => {
    let output = '';
    let printed = 0;
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
        printed += text.length;
        if (printed > outputLimit) kill(`printed more than ${outputLimit} bytes and was killed`);
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
      let isOver = false;
      child.once('exit', () => {
        isOver = true;
      });
      kill = (reason) => {
        // Until it is waited for, its number is that of its group and of no other.
        if (isOver) return;
        killGroup(child.pid);
        for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
        child.unref();
        finish(reason);
      };
      const late = `did not end within ${timeoutMs / 1000} s and was killed`;
      timer = setTimeout(() => kill(late), timeoutMs);
    } catch (error) {
      finish(error instanceof Error ? error.message : String(error));
    }
  });
  return { ended, kill: (reason) => kill(reason) };
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}
