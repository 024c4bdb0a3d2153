import { JitError } from '@jit/contract/errors';
import { runBatch } from '../keeper/run-batch.ts';
import type { Task } from './task.ts';

/** An issue as its tracker shows it, as far as kinds look at it. */
export interface ShownIssue {
  readonly state: string;
  readonly attempt: number;
  readonly comments: readonly { readonly text: string }[];
  readonly updated_at: string;
}

const TIMEOUT_MS = 30_000;

interface Line {
  readonly exit?: number;
  readonly result?: unknown;
  readonly error?: { readonly message?: unknown };
}

/**
 * The issue of a task now; null where it is gone.
 * Errors: TRACKER_FAILED (retryable).
 */
export async function showIssue(
  task: Task,
  environment: NodeJS.ProcessEnv,
): Promise<ShownIssue | null> {
  const { exit, result, error } = await askTracker(task, environment, [
    'issue',
    'show',
    task.issue,
  ]);
  if (exit === 3) return null;
  if (exit !== 0 || typeof result !== 'object' || result === null)
    throw trackerFailed(String(error?.message ?? 'no answer'));
  return result as ShownIssue;
}

/** Adds a comment to the issue of a task. Errors: TRACKER_FAILED (retryable). */
export async function addComment(
  task: Task,
  environment: NodeJS.ProcessEnv,
  text: string,
): Promise<void> {
  const actor = ['--actor', `jit-dispatch:${task.dispatcher}`];
  const argv = ['issue', 'comment', task.issue, '--text', text, ...actor];
  const { exit, error } = await askTracker(task, environment, argv);
  if (exit !== 0) throw trackerFailed(String(error?.message ?? 'no answer'));
}

async function askTracker(
  { tracker }: Task,
  environment: NodeJS.ProcessEnv,
  argv: readonly string[],
): Promise<Line> {
  const input = `${JSON.stringify(argv)}\n`;
  const output = await runBatch({ tracker }, { input, environment, timeoutMs: TIMEOUT_MS });
  // Where the tracker is on another machine, the way there may print a banner first.
  const line = output.split('\n').find((each) => each.startsWith('{'));
  try {
    return JSON.parse(line ?? '') as Line;
  } catch {
    throw trackerFailed('no answer');
  }
}

function trackerFailed(why: string): JitError {
  return new JitError('external', 'TRACKER_FAILED', `the tracker could not be asked: ${why}`, {
    hint: 'see whether `jit status` answers',
    retryable: true,
  });
}
