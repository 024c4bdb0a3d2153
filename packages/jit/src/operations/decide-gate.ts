import { JitError } from '@jit/contract/errors';
import { illegalMove } from '../domain/errors.ts';
import type { Issue, IssueGate } from '../domain/issue.ts';
import { isUnfinished } from '../domain/issue.ts';
import { shownState } from '../domain/readiness.ts';
import type { ReadTx, WriteTx } from '../store/store.ts';
import { findGate, gateNotFound } from './gate-definitions.ts';
import type { Changed } from './transitions.ts';
import { advanceGated } from './transitions.ts';
import type { Writer } from './writer.ts';
import { fenceToken } from './writer.ts';

/** A decision on one gate of one issue. */
export interface GateDecision {
  readonly status: 'passed' | 'failed';
  /** Null: the actor. */
  readonly by: string | null;
  readonly note: string | null;
  /** The run whose result this is; null: a person's word, which passes no automatic gate. */
  readonly evidence: { readonly run: string; readonly commit: string | null } | null;
}

/**
 * Passes or fails a gate. The last exit gate that passes makes a gated issue done; one that fails gives
 * it back to its holder, or opens it. Errors: GATE_NOT_FOUND (3), CHECKER_NOT_RUN (10).
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
  const current = gateOn(tx, issue, key);
  const { status, evidence, note } = decision;
  const gate = findGate(tx, key);
  if (gate === undefined) throw gateNotFound(tx, key);
  if (gate.mode === 'auto' && status === 'passed' && evidence === null) throw checkerNotRun(key);
  if (!isUnfinished(issue)) throw illegalMove(id, shownState(issue, tx), 'have its gates decided');
  const repeated = current.status === status && addsNothing(current, decision);
  // A gated issue whose exit gate had failed before goes back to work when it is failed once more.
  const sendsBack = status === 'failed' && gate.stage === 'done';
  if (repeated && !(sendsBack && issue.state === 'gated')) return { id, changed: false };
  const by = decision.by ?? tx.actor;
  const decided: IssueGate = {
    status,
    by,
    at: new Date(tx.now).toISOString(),
    ...(note !== null && { note }),
    ...(evidence !== null && { run: evidence.run }),
    ...(evidence !== null && evidence.commit !== null && { commit: evidence.commit }),
  };
  tx.put({ ...issue, gates: { ...issue.gates, [key]: decided } });
  const type = status === 'passed' ? 'gate_passed' : 'gate_failed';
  tx.emit({
    type,
    issue: id,
    attempt: issue.attempt,
    gate: key,
    by,
    note,
    ...(evidence !== null && { run: evidence.run, commit: evidence.commit }),
  });
  advanceGated(tx, id, sendsBack ? 'gate_failed' : 'gate_passed');
  return { id, changed: true };
}

/** A gate as an issue carries it. Errors: GATE_NOT_ON_ISSUE, GATE_NOT_FOUND (3) with the keys there are. */
export function gateOn(tx: ReadTx, { id, gates }: Issue, key: string): IssueGate {
  const gate = gates[key];
  if (gate === undefined) throw notOnIssue(tx, id, key, Object.keys(gates));
  return gate;
}

/** Whether a decision says nothing that does not stand there already. A new run always says something. */
function addsNothing(current: IssueGate, { by, note, evidence }: GateDecision): boolean {
  return (
    evidence === null &&
    (by === null || by === current.by) &&
    (note === null || note === current.note)
  );
}

function notOnIssue(tx: ReadTx, id: string, key: string, keys: readonly string[]): JitError {
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
    `gate ${key} is automatic: it is not passed by word alone`,
    {
      hint: `Its checker decides it: jit gate run ID ${key}`,
      details: { gate: key },
    },
  );
}
