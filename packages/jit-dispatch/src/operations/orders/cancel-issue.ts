import type { OrderOutput } from '@jit/contract/outputs/control';
import { HELD_LABEL } from '@jit/contract/vocabulary';
import type { Workbench } from '../../workbench/workbench.ts';
import { giveOrder, type OrderPatience } from './give-order.ts';
import { aimOf, unchanged, unfitFor } from './order-aim.ts';

/** What is to be stopped. */
export interface AskedCancel extends OrderPatience {
  /** The issue or its run, by id or a unique beginning. */
  readonly issue: string;
  readonly repository?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * Stops work on an issue and keeps it from agents.
 * @throws JitError INVALID_REQUEST (3, 4), ALREADY_DISPATCHED (6), AMBIGUOUS_ID (4), usage (2), TRACKER_… (10), DISPATCHER_RUNNING (75)
 */
export async function cancelIssue(
  workbench: Workbench,
  { issue: ref, repository, reason = '', ...patience }: AskedCancel,
): Promise<OrderOutput> {
  const aim = await aimOf(workbench, ref, repository);
  const { site, issue, run } = aim;
  const unfit = unfitFor(aim);
  if (unfit !== null) throw unfit;
  if (run === null && issue.labels.includes(HELD_LABEL))
    return unchanged(aim, {
      kind: 'cancel',
      agent: null,
      outcome: 'already_held',
      detail: 'nobody works on it, and no dispatcher starts it, as before',
    });
  const wish = { kind: 'cancel', issue: issue.id, run: run?.run ?? null, agent: null } as const;
  return giveOrder(workbench, { site, ...wish, reason }, patience);
}
