import { JitError } from '@jit/contract/errors';
import { illegalMove } from '../domain/errors.ts';
import type { Gate } from '../domain/gate.ts';
import type { AutoGate, GateRun, PlannedRun } from '../domain/gate-run.ts';
import { staleReason } from '../domain/gate-run.ts';
import type { Issue } from '../domain/issue.ts';
import { byCodeUnit, isUnfinished } from '../domain/issue.ts';
import { shownState } from '../domain/readiness.ts';
import type { ReadTx, WriteTx } from '../store/store.ts';
import { decideGate, gateOn } from './decide-gate.ts';
import { findGate, gateNotFound } from './gate-definitions.ts';
import type { Writer } from './writer.ts';
import { refuseStale } from './writer.ts';

/**
 * The checkers to run for an issue: those of the named gates, or of every automatic one that is not
 * passed. Errors: GATE_NOT_FOUND, GATE_NOT_ON_ISSUE (3), GATE_NOT_AUTO, ILLEGAL_MOVE (4), LOST_CLAIM (7),
 * CHECKER_MISSING (10).
 */
export function planGateRuns(
  tx: ReadTx,
  id: string,
  keys: readonly string[],
  writer: Writer,
): readonly PlannedRun[] {
  const issue = tx.mustHave(id);
  refuseStale(tx, id, writer);
  if (!isUnfinished(issue)) throw illegalMove(id, shownState(issue, tx), 'have its gates decided');
  const wanted = keys.length > 0 ? [...new Set(keys)] : openAutoGates(tx, issue);
  return wanted.map((key) => ({
    issue: id,
    attempt: issue.attempt,
    gate: autoGateOn(tx, issue, key),
  }));
}

function openAutoGates(tx: ReadTx, issue: Issue): string[] {
  return Object.keys(issue.gates)
    .filter((key) => issue.gates[key]?.status !== 'passed' && findGate(tx, key)?.mode === 'auto')
    .sort(byCodeUnit);
}

/** The automatic gate that an issue carries under this key. Errors: as `planGateRuns`. */
export function autoGateOn(tx: ReadTx, issue: Issue, key: string): AutoGate {
  gateOn(tx, issue, key);
  const gate = findGate(tx, key);
  if (gate === undefined) throw gateNotFound(tx, key);
  if (gate.mode !== 'auto') throw notAuto(key);
  return withChecker(gate);
}

/** An automatic gate with its checker. Errors: CHECKER_MISSING (10): somebody edited its file. */
export function withChecker(gate: Gate): AutoGate {
  const { key, checker } = gate;
  if (checker !== null) return { ...gate, checker };
  throw new JitError(
    'external',
    'CHECKER_MISSING',
    `gate ${key} is automatic and has no command: it can't be run`,
    {
      hint: `Give it one: jit gate update ${key} --command COMMAND`,
      details: { gate: key },
    },
  );
}

function notAuto(key: string): JitError {
  return new JitError('invalid', 'GATE_NOT_AUTO', `gate ${key} is manual: nothing is run for it`, {
    hint: `A person decides it: jit gate pass ID ${key}`,
    details: { gate: key },
  });
}

/** A run that has ended, what it began with, and the commit of its worktree now. */
export interface EndedRun {
  readonly planned: PlannedRun;
  readonly run: GateRun;
  /** Undefined: it can't be told any more. */
  readonly commitNow: string | null | undefined;
  readonly by: string | null;
  readonly note: string | null;
}

/** What became of a result. */
export interface Settled {
  readonly changed: boolean;
  /** Why it did not count, or null. */
  readonly stale: string | null;
}

/**
 * Lets the result of a run decide its gate, if everything it looked at is as it was. A checker that
 * could not run decides nothing. Errors: LOST_CLAIM (7) if the writer's token is no longer current.
 */
export function settleGateRun(tx: WriteTx, writer: Writer, ended: EndedRun): Settled {
  const { run, planned, commitNow, by, note } = ended;
  const { key } = planned.gate;
  const issue = tx.issue(planned.issue);
  const facts = { issue, gate: findGate(tx, key), commit: commitNow };
  const stale = staleReason(planned, run.commit, facts);
  if (stale !== null) {
    // Two may run the same gates: the later one has nothing to add to what the earlier one finished.
    const said = issue?.gates[key];
    const repeats =
      issue?.attempt === run.attempt &&
      issue.state === 'done' &&
      run.verdict === 'passed' &&
      said?.status === 'passed' &&
      said.run !== undefined &&
      (said.commit ?? null) === run.commit &&
      commitNow === run.commit;
    return { changed: false, stale: repeats ? null : stale };
  }
  if (run.verdict === 'could_not_run') return { changed: false, stale: null };
  const evidence = { run: run.id, commit: run.commit };
  const decision = { status: run.verdict, by, note, evidence };
  return { changed: decideGate(tx, planned.issue, key, writer, decision).changed, stale: null };
}
