import type { Gate } from '../domain/gate.ts';
import type { Issue } from '../domain/issue.ts';
import { blockersOf } from '../domain/readiness.ts';
import { openExitGates } from './just-in-time-issue-gates.ts';
import type { Report } from './report.ts';

/**
 * Makes states and gates fit our rules without changing what a gate found. A done issue keeps no exit
 * gate that was never passed; a gated issue whose exit gates are all passed goes on, which
 * just-in-time forgot for automatic gates.
 */
export function settleGates(
  issues: ReadonlyMap<string, Issue>,
  gates: ReadonlyMap<string, Gate>,
  report: Report,
): ReadonlyMap<string, Issue> {
  const result = new Map<string, Issue>();
  for (const issue of issues.values()) result.set(issue.id, withoutOpenGates(issue, gates, report));
  for (let changed = true; changed; ) {
    changed = false;
    for (const issue of result.values()) {
      if (!isThroughItsGates(issue, gates) || isBlocked(issue, result, gates)) continue;
      result.set(issue.id, { ...issue, state: 'done' });
      report.repaired('state', 'gated with every exit gate passed: done', issue.id);
      changed = true;
    }
  }
  for (const issue of result.values()) {
    if (!isThroughItsGates(issue, gates)) continue;
    result.set(issue.id, { ...issue, state: 'open' });
    report.repaired('state', 'gated with every exit gate passed, but blocked: open', issue.id);
  }
  return result;
}

function withoutOpenGates(issue: Issue, gates: ReadonlyMap<string, Gate>, report: Report): Issue {
  const open = issue.state === 'done' ? openExitGates(issue.gates, gates) : [];
  if (open.length === 0) return issue;
  const how =
    'done without it: taken off the issue, its result is in metadata just-in-time.unpassed_gates';
  for (const key of open)
    report.repaired('exit gate that was not passed', how, `${issue.id} ${key}`);
  const entries = Object.entries(issue.gates);
  return {
    ...issue,
    gates: Object.fromEntries(entries.filter(([key]) => !open.includes(key))),
    metadata: {
      ...issue.metadata,
      'just-in-time.unpassed_gates': Object.fromEntries(
        entries.filter(([key]) => open.includes(key)),
      ),
    },
  };
}

function isThroughItsGates(issue: Issue, gates: ReadonlyMap<string, Gate>): boolean {
  return issue.state === 'gated' && openExitGates(issue.gates, gates).length === 0;
}

function isBlocked(
  issue: Issue,
  issues: ReadonlyMap<string, Issue>,
  gates: ReadonlyMap<string, Gate>,
): boolean {
  const blockers = blockersOf(issue, {
    stateOf: (id) => issues.get(id)?.state ?? 'missing',
    shownOf: (id) => issues.get(id)?.state ?? 'missing',
    gate: (key) => gates.get(key),
    now: 0,
  });
  return blockers.length > 0;
}
