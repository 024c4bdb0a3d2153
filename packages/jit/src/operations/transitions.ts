import type { JitError } from '@jit/contract/errors';
import { stateChange } from '../domain/claims.ts';
import { openGates } from '../domain/gate.ts';
import type { Issue } from '../domain/issue.ts';
import { blockersOf } from '../domain/readiness.ts';
import type { WriteTx } from '../store/store.ts';
import { endRecord } from './writer.ts';

/** What a change did. A refusal was decided, but what was changed on the way stands: the caller throws it after the write. */
export interface Changed {
  readonly id: string;
  readonly changed: boolean;
  readonly refusal?: JitError;
}

/** Makes an issue done: its claim ends, who did it stays. */
export function finish(tx: WriteTx, issue: Issue, cause?: string): Changed {
  const more = { ...holderOf(issue), ...(cause !== undefined && { cause }) };
  become(tx, issue, { ...issue, state: 'done', claim: null }, more);
  endRecord(tx, issue.id, 'done');
  freeDependents(tx, issue.id);
  return { id: issue.id, changed: true };
}

/** Whose claim ends with a change: the event names the holder beside the actor. */
export function holderOf(issue: Issue): { readonly holder?: string | null } {
  return issue.claim === null ? {} : { holder: issue.assignee };
}

/** Stores an issue in its new state, with the event. */
export function become(
  tx: WriteTx,
  before: Issue,
  after: Issue,
  more: Readonly<Record<string, unknown>> = {},
): void {
  tx.put(after);
  for (const draft of stateChange(before, after, more)) tx.emit(draft);
}

/** Moves a gated issue on after its gates or blockers changed: done, or back to work where a gate failed. */
export function advanceGated(tx: WriteTx, id: string, cause: string): void {
  const issue = tx.mustHave(id);
  if (issue.state !== 'gated') return;
  const open = openGates(issue, 'done', tx.gate);
  if (open.length === 0) {
    if (blockersOf(issue, tx).length === 0) finish(tx, issue, cause);
    return;
  }
  // Only a decision gives the work back: a gate that had failed before is still to be decided again.
  if (cause !== 'gate_failed' || !open.some((key) => issue.gates[key]?.status === 'failed')) return;
  // Without a claim the assignee is a reservation, and that stays.
  const state = issue.claim === null ? 'open' : 'in_progress';
  become(tx, issue, { ...issue, state }, { cause });
}

/** Lets gated issues become done that only waited for this one. */
export function freeDependents(tx: WriteTx, id: string): void {
  for (const dependent of tx.dependents(id)) {
    const state = tx.stateOf(dependent);
    if (state === 'gated') advanceGated(tx, dependent, 'dependency_finished');
  }
}
