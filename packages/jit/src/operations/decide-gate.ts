import { JitError } from '@jit/contract/errors';
import { illegalMove } from '../domain/errors.ts';
import type { IssueGate } from '../domain/issue.ts';
import { isUnfinished } from '../domain/issue.ts';
import { shownState } from '../domain/readiness.ts';
import type { WriteTx } from '../store/store.ts';
import { findGate, gateNotFound } from './gate-definitions.ts';
import type { Changed } from './transitions.ts';
import { advanceGated } from './transitions.ts';
import type { Writer } from './writer.ts';
import { fenceToken } from './writer.ts';

/** A person's decision on one gate of one issue. */
export interface GateDecision {
  readonly status: 'passed' | 'failed';
  /** Null: the actor. */
  readonly by: string | null;
  readonly note: string | null;
}

/**
 * Passes or fails a gate by hand. The last exit gate that passes makes a gated issue done; one that
 * fails gives it back to its holder, or opens it. Errors: GATE_NOT_FOUND (3), CHECKER_NOT_RUN (10).
 */
export function decideGate(
  tx: WriteTx,
  ref: string,
  key: string,
  writer: Writer,
  decision: GateDecision,
): Changed {
  const id = tx.resolve(ref);
  const issue = tx.mustHave(id);
  fenceToken(tx, id, writer);
  const current = issue.gates[key];
  if (current === undefined) throw notOnIssue(tx, id, key, Object.keys(issue.gates));
  const gate = findGate(tx, key);
  if (gate === undefined) throw gateNotFound(tx, key);
  if (gate.mode === 'auto' && decision.status === 'passed') throw checkerNotRun(key);
  if (!isUnfinished(issue)) throw illegalMove(id, shownState(issue, tx), 'have its gates decided');
  const repeated = current.status === decision.status && addsNothing(current, decision);
  // A gated issue whose exit gate had failed before goes back to work when it is failed once more.
  const sendsBack = decision.status === 'failed' && gate.stage === 'done';
  if (repeated && !(sendsBack && issue.state === 'gated')) return { id, changed: false };
  const by = decision.by ?? tx.actor;
  const decided: IssueGate = {
    status: decision.status,
    by,
    at: new Date(tx.now).toISOString(),
    ...(decision.note !== null && { note: decision.note }),
  };
  tx.put({ ...issue, gates: { ...issue.gates, [key]: decided } });
  tx.emit({
    type: decision.status === 'passed' ? 'gate_passed' : 'gate_failed',
    issue: id,
    attempt: issue.attempt,
    gate: key,
    by,
    note: decision.note,
  });
  advanceGated(tx, id, sendsBack ? 'gate_failed' : 'gate_passed');
  return { id, changed: true };
}

/** Whether a decision says nothing that does not stand there already. */
function addsNothing(current: IssueGate, { by, note }: GateDecision): boolean {
  return (by === null || by === current.by) && (note === null || note === current.note);
}

function notOnIssue(tx: WriteTx, id: string, key: string, keys: readonly string[]): JitError {
  if (tx.gate(key) === undefined) return gateNotFound(tx, key);
  return new JitError('not_found', 'GATE_NOT_ON_ISSUE', `${id} has no gate "${key}"`, {
    hint: keys.length === 0 ? 'Add it first: jit gate add ID KEY' : `Its gates: ${keys.join(', ')}`,
    details: { issue: id, gate: key, accepted: keys },
  });
}

function checkerNotRun(key: string): JitError {
  return new JitError(
    'external',
    'CHECKER_NOT_RUN',
    `gate ${key} is automatic and this version runs no checkers`,
    {
      hint: 'It stays as it is: an automatic gate is never passed by word alone.',
      details: { gate: key },
    },
  );
}
