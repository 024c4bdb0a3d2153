import { spawn } from 'node:child_process';
import type { KeeperSpec } from '../run-records.ts';

const OUTPUT_CAP = 16 * 1024 * 1024;

/** Runs `jit batch` with these lines, in a group of its own that is killed at the limit; gives what it printed. */
export function runBatch(
  { tracker }: Pick<KeeperSpec, 'tracker'>,
  {
    input,
    environment,
    timeoutMs,
  }: { input: string; environment: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<string> {
  const [program = 'jit', ...args] = tracker.argv;
  return new Promise((resolve) => {
    const child = spawn(program, [...args, 'batch', ...tracker.suffix], {
      cwd: tracker.cwd,
      env: { ...environment, ...tracker.env },
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    let output = '';
    const end = () => {
      clearTimeout(timer);
      child.stdout.destroy();
      resolve(output);
    };
    const timer = setTimeout(() => {
      // Its own group: the program may be a shell script around the real one.
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        process.kill(-child.pid, 'SIGKILL');
      end();
    }, timeoutMs);
    child.on('error', end).on('close', end);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < OUTPUT_CAP) output += text;
    });
    child.stdin.on('error', () => {}).end(input);
  });
}
