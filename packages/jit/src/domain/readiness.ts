import type { ShownState, StoredState } from '@jit/contract/vocabulary';
import type { GateLookup } from './gate.ts';
import { openGates } from './gate.ts';
import type { Issue } from './issue.ts';

/** The state of a dependency, as far as it can be known. */
export type DependencyState = StoredState | 'missing' | 'unreadable';

/** The state of a dependency as people see it. */
export type ShownDependencyState = ShownState | 'missing' | 'unreadable';

/** A reason why an issue is not ready. */
export type Blocker =
  | { readonly type: 'dependency'; readonly issue: string; readonly state: ShownDependencyState }
  | { readonly type: 'gate'; readonly gate: string; readonly status: 'pending' | 'failed' }
  | { readonly type: 'deferred'; readonly until: string };

/** What readiness is computed from. */
export interface ReadinessFacts {
  /** The stored state of any issue; an unreadable file last known as finished counts as that. */
  readonly stateOf: (id: string) => DependencyState;
  /** The same as people see it: `ready` told apart from `open`. */
  readonly shownOf: (id: string) => ShownDependencyState;
  readonly gate: GateLookup;
  /** Wall time in milliseconds. */
  readonly now: number;
}

/**
 * Everything that holds an issue back: unfinished or missing dependencies, entry gates that are not
 * passed, a time before which it must not start. Empty: nothing does. Computed at each call, never
 * stored, so it can't go stale (invariant READY-IS-COMPUTED).
 */
export function blockersOf(issue: Issue, facts: ReadinessFacts): Blocker[] {
  const blockers: Blocker[] = [];
  for (const id of issue.dependencies) {
    if (dependencyBlocks(facts.stateOf(id))) {
      blockers.push({ type: 'dependency', issue: id, state: facts.shownOf(id) });
    }
  }
  for (const key of openGates(issue, 'ready', facts.gate)) {
    const status = issue.gates[key]?.status === 'failed' ? 'failed' : 'pending';
    blockers.push({ type: 'gate', gate: key, status });
  }
  if (issue.defer_until !== null && isDeferred(issue, facts)) {
    blockers.push({ type: 'deferred', until: issue.defer_until });
  }
  return blockers;
}

/** Whether a dependency in this state holds its dependents back. Archived issues were done or rejected before. */
export function dependencyBlocks(state: DependencyState): boolean {
  return state !== 'done' && state !== 'rejected' && state !== 'archived';
}

/** Whether an issue can be claimed now: open, and nothing holds it back. */
export function isReady(issue: Issue, facts: ReadinessFacts): boolean {
  return issue.state === 'open' && !isBlocked(issue, facts);
}

/** Whether anything holds an issue back, without saying what. */
export function isBlocked(issue: Issue, facts: ReadinessFacts): boolean {
  return (
    issue.dependencies.some((id) => dependencyBlocks(facts.stateOf(id))) ||
    isDeferred(issue, facts) ||
    openGates(issue, 'ready', facts.gate).length > 0
  );
}

function isDeferred(issue: Issue, facts: ReadinessFacts): boolean {
  return issue.defer_until !== null && Date.parse(issue.defer_until) > facts.now;
}

/** The state that people see: `ready` for an open issue without blockers. */
export function shownState(issue: Issue, facts: ReadinessFacts): ShownState {
  return isReady(issue, facts) ? 'ready' : issue.state;
}
