import type { OrderOutput } from '@jit/contract/outputs/control';
import { ESCALATED_LABEL, HELD_LABEL } from '@jit/contract/vocabulary';
import type { Workbench } from '../../workbench/workbench.ts';
import { dispatchError } from '../dispatch-error.ts';
import { blockersOf } from '../dispatching/admit-issues.ts';
import { mustBeAgents } from '../finding/must-be-agents.ts';
import { giveOrder, type OrderPatience } from './give-order.ts';
import { type AimedIssue, aimOf, unchanged, unfitFor } from './order-aim.ts';

/** What is to be given to whom. */
export interface AskedReassign extends OrderPatience {
  /** The issue or its run, by id or a unique beginning. */
  readonly issue: string;
  readonly agent: string;
  readonly repository?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * Stops the run of an issue and gives the issue to another agent.
 * @throws JitError INVALID_REQUEST (3, 4), ALREADY_DISPATCHED (6), AMBIGUOUS_ID (4), usage (2), TRACKER_… (10), DISPATCHER_RUNNING (75)
 */
export async function reassignIssue(
  workbench: Workbench,
  { issue: ref, agent, repository, reason = '', ...patience }: AskedReassign,
): Promise<OrderOutput> {
  await mustBeAgents(workbench, [agent]);
  const aim = await aimOf(workbench, ref, repository);
  const { site, issue, run } = aim;
  refuse(aim);
  const facts = { kind: 'reassign', agent, outcome: 'already_there' } as const;
  if (run?.agent === agent)
    return unchanged(aim, { ...facts, detail: `${agent} works on it, as before` });
  if (run === null && isReservedFor(aim, agent))
    return unchanged(aim, { ...facts, detail: `it is reserved for ${agent}, as before` });
  const wish = { kind: 'reassign', issue: issue.id, run: run?.run ?? null, agent } as const;
  return giveOrder(workbench, { site, ...wish, reason }, patience);
}

function refuse(aim: AimedIssue): void {
  const unfit = unfitFor(aim);
  if (unfit !== null) throw unfit;
  const { issue, run } = aim;
  const { id } = issue;
  if (run !== null && (run.state === 'idle' || run.gate_tries > 0))
    throw dispatchError(
      'blocked',
      'INVALID_REQUEST',
      `the agent of ${id} has ended and its exit gates are being run: nothing is left to hand over`,
      { hint: 'wait for the gates, or cancel it', details: { issue: id, run: run.run } },
    );
  const blockers = run === null ? blockersOf(issue) : [];
  if (blockers.length > 0)
    throw dispatchError('blocked', 'INVALID_REQUEST', `${id} is blocked: ${blockers.join(', ')}`, {
      hint: `jit issue show ${id} lists what blocks it`,
      details: { issue: id, blockers },
    });
}

function isReservedFor({ issue: { assignee, labels, state } }: AimedIssue, agent: string): boolean {
  const isKept = labels.includes(ESCALATED_LABEL) || labels.includes(HELD_LABEL);
  return assignee === agent && state === 'ready' && !isKept;
}
