import type { JitError } from '@jit/contract/errors';
import { JitError as Refusal } from '@jit/contract/errors';
import { lostClaim } from '../domain/claims.ts';
import { blocked, illegalMove } from '../domain/errors.ts';
import { openGates } from '../domain/gate.ts';
import type { Issue } from '../domain/issue.ts';
import { isUnfinished } from '../domain/issue.ts';
import { blockersOf, shownState } from '../domain/readiness.ts';
import type { WriteTx } from '../store/store.ts';
import type { Changed } from './transitions.ts';
import { become, finish, freeDependents, holderOf } from './transitions.ts';
import type { Writer } from './writer.ts';
import { endRecord, fenceOwner } from './writer.ts';

/**
 * Reports the work as done. With exit gates that are not passed the issue becomes gated and the
 * refusal (exit 4) says which; `force` (a reason) passes over gates and blockers, never over a claim.
 * Errors: BLOCKED, ILLEGAL_MOVE (4), CLAIM_HELD (6), LOST_CLAIM (7).
 * Holds on every path to done (invariant GATES-HOLD).
 */
export function finishIssue(
  tx: WriteTx,
  ref: string,
  writer: Writer,
  force: string | null,
): Changed {
  const id = tx.resolve(ref);
  const found = tx.mustHave(id);
  const { lastHolder, overridden } = fenceOwner(tx, id, writer);
  const issue = overridden ? { ...found, assignee: null, claim: null } : found;
  if (issue.state === 'done') return { id, changed: false };
  if (lastHolder) throw lostClaim(id, `the claim has ended; the issue is ${issue.state}`);
  if (!isUnfinished(issue)) throw illegalMove(id, shownState(issue, tx), 'become done');
  const blockers = blockersOf(issue, tx);
  const gates = openGates(issue, 'done', tx.gate);
  if (force !== null) {
    if (blockers.length + gates.length > 0)
      tx.emit({ type: 'forced', issue: id, to: 'done', reason: force, blockers, gates });
    return finish(tx, issue);
  }
  if (blockers.length > 0) throw blocked(id, 'become done', blockers);
  if (gates.length === 0) return finish(tx, issue);
  const refusal = gatesOpen(tx, issue, gates);
  if (issue.state === 'gated') {
    // The claim that was written over may not stay in the file: it would live again without our record of its end.
    if (overridden) tx.put(issue);
    return { id, changed: overridden, refusal };
  }
  become(tx, issue, { ...issue, state: 'gated' }, { gates });
  return { id, changed: true, refusal };
}

function gatesOpen(tx: WriteTx, issue: Issue, gates: readonly string[]): JitError {
  const { id } = issue;
  const words = gates.map((key) => `${key} (${issue.gates[key]?.status ?? 'pending'})`).join(', ');
  return new Refusal(
    'blocked',
    'GATES_OPEN',
    `${id} is gated, not done: exit gates not passed: ${words}`,
    {
      hint: `It becomes done by itself when they pass: ${whatToRun(tx, id, gates).join('; ')}`,
      details: {
        issue: id,
        state: 'gated',
        gates: gates.map((key) => ({ gate: key, status: issue.gates[key]?.status })),
      },
    },
  );
}

/** The commands that decide these gates: one run for all that have a checker, a word for each of the others. */
function whatToRun(tx: WriteTx, id: string, gates: readonly string[]): string[] {
  const short = tx.shortId(id);
  const manual = gates.filter((key) => tx.gate(key)?.mode !== 'auto');
  const run = manual.length < gates.length ? [`jit gate run ${short}`] : [];
  return [...run, ...manual.map((key) => `jit gate pass ${short} ${key}`)];
}

/** Gives the issue up for good. Its dependents do not wait for it any more. */
export function rejectIssue(
  tx: WriteTx,
  ref: string,
  writer: Writer,
  reason: string | null,
): Changed {
  const id = tx.resolve(ref);
  const issue = tx.mustHave(id);
  const { lastHolder } = fenceOwner(tx, id, writer);
  if (issue.state === 'rejected') return { id, changed: false };
  if (lastHolder) throw lostClaim(id, `the claim has ended; the issue is ${issue.state}`);
  if (!isUnfinished(issue)) throw illegalMove(id, shownState(issue, tx), 'be rejected');
  become(tx, issue, { ...issue, state: 'rejected', claim: null }, { reason, ...holderOf(issue) });
  endRecord(tx, id, 'rejected');
  freeDependents(tx, id);
  return { id, changed: true };
}
