import type { IssueOutput } from '@jit/contract/outputs/issue';
import type { Issue } from '../domain/issue.ts';
import type { ShownDependencyState } from '../domain/readiness.ts';
import type { ReadTx } from '../store/store.ts';
import { toIssue } from './issue.ts';

/** Another issue, as far as people want to know of it. */
export interface Neighbour {
  readonly short_id: string;
  readonly state: ShownDependencyState;
  /** Null where the issue is missing or can't be read. */
  readonly title: string | null;
}

/** Holds the neighbours of an issue by id: for the text form only, because JSON leaves symbols out. */
export const NEIGHBOURS: unique symbol = Symbol('neighbours');

/** The whole issue, and what its text form says of the issues around it. */
export interface ShownIssue extends IssueOutput {
  readonly [NEIGHBOURS]: ReadonlyMap<string, Neighbour>;
}

/** The whole issue with its neighbours. */
export function toShownIssue(tx: ReadTx, issue: Issue): ShownIssue {
  const output = toIssue(tx, issue);
  const ids = [...output.dependencies, ...output.dependents];
  const neighbours = new Map(ids.map((id) => [id, toNeighbour(tx, id)]));
  return { ...output, [NEIGHBOURS]: neighbours };
}

function toNeighbour(tx: ReadTx, id: string): Neighbour {
  const state = tx.shownOf(id);
  const readable = state !== 'missing' && state !== 'unreadable';
  let title: string | null = null;
  try {
    title = readable ? (tx.issue(id)?.title ?? null) : null;
  } catch {
    // A file last known as finished keeps its state, though it can't be read now.
  }
  return { short_id: readable ? tx.shortId(id) : id, state, title };
}
