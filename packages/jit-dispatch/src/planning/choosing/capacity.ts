/** A live run of this dispatcher, as far as capacity is concerned. */
export interface OccupiedSlot {
  /** The key of its issue. */
  readonly issue: string;
  readonly agent: string;
  /** The repository it is in; empty where there is only one. */
  readonly repository: string;
}

/**
 * How many issues an agent works on: those it holds in the tracker, over all dispatchers, and
 * those of our own live runs. One that is both counts once; nothing is counted up and down
 * (invariant CAPACITY-IS-COUNTED).
 */
export function countWork(
  agent: string,
  claimedIssues: readonly string[],
  runs: readonly Pick<OccupiedSlot, 'issue' | 'agent'>[],
): number {
  const own = runs.filter((run) => run.agent === agent).map((run) => run.issue);
  return new Set([...claimedIssues, ...own]).size;
}
