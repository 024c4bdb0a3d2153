import { spawn } from 'node:child_process';
import type { KeeperSpec } from '../run-records.ts';

/**
 * What a heartbeat found: `finished` means the claim ended because the issue was finished in this
 * attempt, so there is nothing left to keep.
 */
export type HeartbeatAnswer = 'renewed' | 'finished' | 'lost' | 'failed';

const LOST_CLAIM = 7;
/** Only these say that the issue is gone; exit 3 alone may mean that the tracker is. */
const MISSING: readonly (string | undefined)[] = ['NOT_FOUND', 'DELETED'];
const OUTPUT_CAP = 16 * 1024 * 1024;

/** Renews the lease once. The token goes by stdin: arguments can be read by every local user. */
export async function heartbeat(
  spec: KeeperSpec,
  environment: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<HeartbeatAnswer> {
  const lines = [
    ['issue', 'heartbeat', spec.issue, '--claim', spec.token],
    ['issue', 'show', spec.issue],
  ];
  const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return judge(await runBatch(spec, { input, environment, timeoutMs }), spec.attempt);
}

/** What the two answers say. */
export function judge(output: string, attempt: number): HeartbeatAnswer {
  const [renewal, view] = output.split('\n').map(parse);
  if (renewal?.exit === 0) return 'renewed';
  if (renewal?.exit !== LOST_CLAIM && !MISSING.includes(renewal?.error?.code)) return 'failed';
  const issue = view?.result;
  const isFinished =
    issue?.state === 'done' || issue?.state === 'gated' || issue?.state === 'archived';
  return isFinished && issue?.attempt === attempt ? 'finished' : 'lost';
}

interface Line {
  readonly exit?: number;
  readonly error?: { readonly code?: string };
  readonly result?: { readonly state?: string; readonly attempt?: number };
}

function parse(text: string): Line | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? (value as Line | null) : null;
  } catch {
    return null;
  }
}

function runBatch(
  { tracker }: KeeperSpec,
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
