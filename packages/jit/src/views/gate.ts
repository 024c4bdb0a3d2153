import type {
  GateChangeOutput,
  GateOutput,
  GateRunReportOutput,
  GateStatusOutput,
  ToldGateRunOutput,
} from '@jit/contract/outputs/gate';
import type { Gate } from '../domain/gate.ts';
import type { GateRun } from '../domain/gate-run.ts';
import type { Issue } from '../domain/issue.ts';
import { shownState } from '../domain/readiness.ts';
import type { ReadTx } from '../store/store.ts';
import { toIssueGates } from './issue.ts';

/** Whether this machine runs a gate's checker; null for manual gates. */
export type TrustLookup = (gate: Gate) => boolean | null;

/** A gate definition with the unfinished issues that carry it. */
export function toGate(gate: Gate, issues: readonly string[], trusted: TrustLookup): GateOutput {
  const { key, title, description, stage, mode, checker } = gate;
  return {
    key,
    title,
    description,
    stage,
    mode,
    checker: checker && { ...checker, env: { ...checker.env } },
    trusted: trusted(gate),
    issues: [...issues],
    conflicts: (gate.conflicts ?? []).map((conflict) => ({ ...conflict })),
  };
}

/** All definitions, in the order of their keys. */
export function toGates(tx: ReadTx, trusted: TrustLookup): GateOutput[] {
  const users = new Map<string, string[]>();
  for (const issue of tx.unfinished()) {
    for (const key of Object.keys(issue.gates)) {
      const ids = users.get(key);
      if (ids === undefined) users.set(key, [issue.id]);
      else ids.push(issue.id);
    }
  }
  return tx.gates().map((gate) => toGate(gate, users.get(gate.key) ?? [], trusted));
}

/** The answer of a change of a definition. */
export function toGateChange(
  gate: Gate,
  issues: readonly string[],
  trusted: TrustLookup,
  changed: boolean,
): GateChangeOutput {
  return { ...toGate(gate, issues, trusted), changed };
}

/** The gates of one issue, each with its newest run on this machine. */
export function toGateStatus(
  tx: ReadTx,
  issue: Issue,
  lastRun: (issue: string, gate: string) => GateRun | undefined,
): GateStatusOutput {
  return {
    id: issue.id,
    short_id: tx.shortId(issue.id),
    gates: toIssueGates(tx, issue).map((gate) => ({
      ...gate,
      last_run: lastRun(issue.id, gate.key) ?? null,
    })),
  };
}

/** What runs did to an issue. */
export function toGateRunReport(
  tx: ReadTx,
  id: string,
  runs: readonly ToldGateRunOutput[],
  changed: boolean,
): GateRunReportOutput {
  const issue = tx.mustHave(id);
  return {
    id,
    short_id: tx.shortId(id),
    state: shownState(issue, tx),
    changed,
    runs: [...runs],
    gates: toIssueGates(tx, issue),
  };
}
