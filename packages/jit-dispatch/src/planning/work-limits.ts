import type { WorkLimit } from '../config/operating.ts';
import type { OccupiedSlot } from './choosing/capacity.ts';
import type { Circumstances, HeldIssue } from './circumstances.ts';

/** What limits are counted over. */
export interface LimitFacts extends Pick<Circumstances, 'work' | 'states' | 'workLimits'> {
  readonly ready: readonly { readonly key: string; readonly labels: readonly string[] }[];
  readonly runs: readonly OccupiedSlot[];
}

/** What is at work under limits while a plan is made. */
export interface Tally {
  /** The first limit that keeps an issue from being started now, or null. */
  whyLimited(issue: Pick<HeldIssue, 'repository' | 'labels'>): Limited | null;
  /** Counts an issue that is started. */
  started(issue: Pick<HeldIssue, 'repository' | 'labels'>): void;
}

/** A limit that is reached. */
export interface Limited {
  readonly reason: 'label_limit' | 'state_limit';
  readonly detail: string;
}

/**
 * Counts what is at work, of each repository by itself: for a label the issues that our agents hold or
 * have a run at, for a state the issues that are in it, and with both what this plan starts.
 */
export function openTally(facts: LimitFacts): Tally {
  const { workLimits, states } = facts;
  const begun: Pick<HeldIssue, 'repository' | 'labels'>[] = [];
  const work = workLimits.length === 0 ? [] : atWork(facts);
  const unclaimed = work.filter(({ isClaimed }) => !isClaimed);
  const used = (repository: string, limit: WorkLimit): number => {
    const here = (issue: { readonly repository: string }) => issue.repository === repository;
    if (limit.label !== null) {
      const { label } = limit;
      return [...work, ...begun].filter((each) => here(each) && each.labels.includes(label)).length;
    }
    if (limit.state === null) return 0;
    const inState = states.get(repository)?.[limit.state] ?? 0;
    if (limit.state === 'gated') return inState;
    return inState + unclaimed.filter(here).length + begun.filter(here).length;
  };
  return {
    whyLimited({ repository, labels }) {
      for (const limit of workLimits) {
        if (limit.label !== null && !labels.includes(limit.label)) continue;
        const count = used(repository, limit);
        if (count < limit.max) continue;
        if (limit.label !== null)
          return {
            reason: 'label_limit',
            detail: `${count} of at most ${limit.max} issues with the label ${limit.label} are at work`,
          };
        return {
          reason: 'state_limit',
          detail: `${count} of at most ${limit.max} issues are ${limit.state === 'gated' ? 'gated' : 'in progress'}`,
        };
      }
      return null;
    },
    started(issue) {
      if (workLimits.length > 0) begun.push(issue);
    },
  };
}

interface AtWork extends HeldIssue {
  readonly isClaimed: boolean;
}

/** Issues our agents hold, and those of our runs that are not claimed yet. */
function atWork({ work, runs, ready }: LimitFacts): AtWork[] {
  const held = new Set(work.map(({ key }) => key));
  const labels = new Map(ready.map((issue) => [issue.key, issue.labels]));
  const unclaimed = runs.filter(({ issue }) => !held.has(issue) && labels.has(issue));
  return [
    ...work.map((issue) => ({ ...issue, isClaimed: true })),
    ...unclaimed.map(({ issue, repository }) => ({
      key: issue,
      repository,
      labels: labels.get(issue) ?? [],
      isClaimed: false,
    })),
  ];
}
