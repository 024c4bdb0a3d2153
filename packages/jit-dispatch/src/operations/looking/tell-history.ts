import { JitError } from '@jit/contract/errors';
import type { IssueHistoryOutput } from '@jit/contract/outputs/control';
import { historyOf } from '../../planning/issue-history.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { findIssue, noSuchIssue } from '../finding/find-issue.ts';

/** Whose history is asked for, by id or a unique beginning. */
export interface AskedHistory {
  readonly issue: string;
  readonly repository?: string | undefined;
}

/**
 * What happened to an issue, here and in the tracker, oldest first.
 * @throws JitError INVALID_REQUEST (3, 4), usage (2), TRACKER_… (10)
 */
export async function tellHistory(
  workbench: Workbench,
  { issue: ref, repository }: AskedHistory,
): Promise<IssueHistoryOutput> {
  const found = await findIssue(workbench, ref, repository);
  if (found === null) throw noSuchIssue(ref);
  const { site, issue } = found;
  const { tracker } = await workbench.locateTracker(site);
  const [log] = await tracker.call([{ do: 'log', issue: issue.id }]);
  if (log?.is !== 'ok')
    throw new JitError('external', 'TRACKER_FAILED', log?.message ?? 'no answer', {
      hint: `see \`jit events query --issue ${issue.id}\``,
      retryable: true,
    });
  const ledger = await workbench.readLedger(site);
  const runs = ledger?.runs({ issue: issue.id }) ?? [];
  const orders = ledger?.orders(issue.id) ?? [];
  const pulls = ledger?.pullsOf(issue.id) ?? [];
  const { entries, counts } = historyOf(log.events ?? [], runs, { orders, pulls });
  const { id, title, state } = issue;
  return { repository: site.repository, issue: id, title, state, counts, entries: [...entries] };
}
