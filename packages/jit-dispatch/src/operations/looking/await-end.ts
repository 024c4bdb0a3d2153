import { JitError } from '@jit/contract/errors';
import type { IssueEndOutput } from '@jit/contract/outputs/control';
import { delay, uptimeMs } from '../../keeper/clock.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { howEnded, type IssueEnd } from '../../planning/how-ended.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { findIssue, noSuchIssue } from '../finding/find-issue.ts';
import type { FoundIssue } from '../finding/find-issues.ts';

/** What is waited for, and how long. */
export interface AskedEnd {
  /** Its id, or a unique beginning. */
  readonly issue: string;
  readonly repository?: string | undefined;
  readonly timeoutSecs: number;
}

/** Time as a wait sees it: a port, so that a test can let hours go by. */
export interface WaitTime {
  uptimeMs(): number;
  delay(ms: number): Promise<void>;
}

/** Between two looks at the ledger, which cost next to nothing. */
const LOOK_MS = 1_000;
const MOST_RECORDS = 1_000;
/** After so many the tracker is asked whatever the ledger says: others change issues, too. */
const LOOKS = 10;

/**
 * Waits until an issue is finished, or until no dispatcher starts it before a person says so.
 * @throws JitError INVALID_REQUEST (3, 4), usage (2); TRACKER_… (10) if the tracker did not answer first or last
 */
export async function awaitEnd(
  workbench: Workbench,
  { issue: typed, repository, timeoutSecs }: AskedEnd,
  time: WaitTime = { uptimeMs, delay },
): Promise<IssueEndOutput> {
  const deadline = time.uptimeMs() + timeoutSecs * 1000;
  let found = await mustFind(workbench, typed, repository);
  const { site, issue } = found;
  const newest = async () => (await workbench.readLedger(site))?.newestSeq() ?? 0;
  let seen = await newest();
  const isTold = async () => {
    const records = (await workbench.readLedger(site))?.recordsAfter(seen, MOST_RECORDS) ?? [];
    return records.some((each) => each.issue === issue.id);
  };
  for (;;) {
    const end = howEnded(found.issue);
    if (end !== null) return toOutput(workbench, found, end);
    if (time.uptimeMs() >= deadline) return toOutput(workbench, found, 'timed_out');
    for (let looks = 0; looks < LOOKS && time.uptimeMs() < deadline; looks += 1) {
      await time.delay(Math.min(LOOK_MS, deadline - time.uptimeMs()));
      if (await isTold()) break;
    }
    seen = await newest();
    const isLast = time.uptimeMs() >= deadline;
    try {
      found = await mustFind(workbench, issue.id, site.repository || undefined);
    } catch (error) {
      // A tracker that is away for a while ends no wait of hours.
      if (isLast || !(error instanceof JitError) || error.kind !== 'external') throw error;
    }
  }
}

async function mustFind(
  workbench: Workbench,
  typed: string,
  repository: string | undefined,
): Promise<FoundIssue> {
  const found = await findIssue(workbench, typed, repository);
  if (found === null) throw noSuchIssue(typed);
  return found;
}

async function toOutput(
  workbench: Workbench,
  { site, issue: { id, title, state } }: FoundIssue,
  outcome: IssueEnd | 'timed_out',
): Promise<IssueEndOutput> {
  const ledger = await workbench.readLedger(site);
  const last = ledger?.runs({ issue: id, limit: 1 })[0];
  return {
    issue: id,
    repository: site.repository,
    title,
    state,
    outcome,
    reason: ledger === null ? null : whyOf(ledger, id, outcome),
    run: last?.run ?? null,
    agent: last?.agent ?? null,
  };
}

/** As far as this dispatcher knows it. */
function whyOf(ledger: Ledger, issue: string, outcome: IssueEnd | 'timed_out'): string | null {
  if (outcome === 'escalated') {
    const last = ledger.lastEscalation(issue);
    return last === null ? null : `${last.reason}: ${last.detail}`;
  }
  if (outcome !== 'held') return null;
  const order = ledger.orders(issue).findLast(({ kind }) => kind === 'cancel');
  if (order === undefined) return null;
  return `canceled by ${order.who}${order.reason === '' ? '' : `: ${order.reason}`}`;
}
