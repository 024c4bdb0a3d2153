import type { KeeperSpec } from '../run-records.ts';
import { runBatch } from './run-batch.ts';
import type { IssueView } from './tracker-signs.ts';

/**
 * What a heartbeat found: `finished` means the claim ended because the issue was finished in this
 * attempt, so there is nothing left to keep.
 */
export type HeartbeatAnswer = 'renewed' | 'finished' | 'lost' | 'failed';

/** What came of one renewal. */
export interface Heartbeat {
  readonly answer: HeartbeatAnswer;
  /** The issue as it was right before; null if it was not shown. */
  readonly before: IssueView | null;
  /** The issue as it was right after; null if it was not shown. */
  readonly after: IssueView | null;
  /** Until when the lease is now; null if it was not renewed. */
  readonly expiresAt: string | null;
}

const LOST_CLAIM = 7;
/** Only these say that the issue is gone; exit 3 alone may mean that the tracker is. */
const MISSING: readonly (string | undefined)[] = ['NOT_FOUND', 'DELETED'];

/** Renews the lease once. The token goes by stdin: arguments can be read by every local user. */
export async function heartbeat(
  spec: KeeperSpec,
  environment: NodeJS.ProcessEnv,
  timeoutMs: number,
  run: typeof runBatch = runBatch,
): Promise<Heartbeat> {
  const show = ['issue', 'show', spec.issue];
  // Shown before, to see what others did; and after, because it may have been finished just now.
  const lines = [show, ['issue', 'heartbeat', spec.issue, '--claim', spec.token], show];
  const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return judge(await run(spec, { input, environment, timeoutMs }), spec.attempt);
}

/** What the three answers say. */
export function judge(output: string, attempt: number): Heartbeat {
  const lines = output.split('\n');
  // Where the tracker is on another machine, the way there may print a banner first.
  const start = Math.max(
    0,
    lines.findIndex((line) => line.startsWith('{')),
  );
  const [first, renewal, view] = lines.slice(start).map(parse);
  const before = first?.exit === 0 ? viewOf(first.result) : null;
  const after = view?.exit === 0 ? viewOf(view.result) : null;
  if (renewal?.exit === 0)
    return { answer: 'renewed', before, after, expiresAt: expiryOf(renewal.result) };
  const answerOf = (): HeartbeatAnswer => {
    if (renewal?.exit !== LOST_CLAIM && !MISSING.includes(renewal?.error?.code)) return 'failed';
    const issue = viewOf(view?.result);
    const isFinished =
      issue?.state === 'done' || issue?.state === 'gated' || issue?.state === 'archived';
    return isFinished && issue?.attempt === attempt ? 'finished' : 'lost';
  };
  return { answer: answerOf(), before, after, expiresAt: null };
}

interface Line {
  readonly exit?: number;
  readonly error?: { readonly code?: string };
  readonly result?: unknown;
}

function viewOf(result: unknown): IssueView | null {
  return typeof result === 'object' ? (result as IssueView | null) : null;
}

/** Of the one issue that was renewed. */
function expiryOf(result: unknown): string | null {
  const [renewed] = Array.isArray(result) ? (result as { expires_at?: unknown }[]) : [];
  return typeof renewed?.expires_at === 'string' ? renewed.expires_at : null;
}

function parse(text: string): Line | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? (value as Line | null) : null;
  } catch {
    return null;
  }
}
