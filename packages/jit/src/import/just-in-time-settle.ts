import type { Gate } from '../domain/gate.ts';
import type { Issue } from '../domain/issue.ts';
import { blockersOf } from '../domain/readiness.ts';
import { openExitGates } from './just-in-time-issue-gates.ts';
import type { Report } from './report.ts';
import { withoutUnpassed } from './unpassed-gates.ts';

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
  return withoutUnpassed(issue, open, 'just-in-time', report);
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
