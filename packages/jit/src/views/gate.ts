import type { GateChangeOutput, GateOutput, GateStatusOutput } from '@jit/contract/outputs/gate';
import type { Gate } from '../domain/gate.ts';
import type { Issue } from '../domain/issue.ts';
import type { ReadTx } from '../store/store.ts';
import { toIssueGates } from './issue.ts';

/** A gate definition with the unfinished issues that carry it. */
export function toGate(gate: Gate, issues: readonly string[]): GateOutput {
  const { key, title, description, stage, mode, checker } = gate;
  return {
    key,
    title,
    description,
    stage,
    mode,
    checker: checker && { ...checker, env: { ...checker.env } },
    issues: [...issues],
  };
}

/** All definitions, in the order of their keys. */
export function toGates(tx: ReadTx): GateOutput[] {
  const users = new Map<string, string[]>();
  for (const issue of tx.unfinished()) {
    for (const key of Object.keys(issue.gates)) {
      const ids = users.get(key);
      if (ids === undefined) users.set(key, [issue.id]);
      else ids.push(issue.id);
    }
  }
  return tx.gates().map((gate) => toGate(gate, users.get(gate.key) ?? []));
}

/** The answer of a change of a definition. */
export function toGateChange(
  gate: Gate,
  issues: readonly string[],
  changed: boolean,
): GateChangeOutput {
  return { ...toGate(gate, issues), changed };
}

/** The gates of one issue. */
export function toGateStatus(tx: ReadTx, issue: Issue): GateStatusOutput {
  return { id: issue.id, short_id: tx.shortId(issue.id), gates: toIssueGates(tx, issue) };
}
