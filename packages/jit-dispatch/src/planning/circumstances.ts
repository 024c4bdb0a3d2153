import type { WorkLimit } from '../config/operating.ts';

/** A repository, as far as it shares agents with others. */
export interface RepositoryShare {
  readonly name: string;
  /** Its part of equally urgent work, compared with the weights of the others. */
  readonly weight: number;
  /** Runs of it that began lately, by its ledger: decides where whole runs can't be divided by weight. */
  readonly recent: number;
}

/** An issue that an agent of this dispatcher holds. */
export interface HeldIssue {
  readonly key: string;
  readonly repository: string;
  readonly labels: readonly string[];
}

/** How many issues of a repository are in the states that limits can name. */
export interface StateCounts {
  readonly in_progress: number;
  readonly gated: number;
}

/** What a plan depends on besides the work itself. */
export interface Circumstances {
  /** In milliseconds. */
  readonly now: number;
  /** An issue counts one step more urgent for each of so many hours; 0 turns it off. */
  readonly age: { readonly stepHours: number; readonly maxSteps: number };
  /** A reserved issue whose agent can't take it for so long goes to another one; 0: never. */
  readonly stealAfterSecs: number;
  /** In the order of the configuration. One that is missing has the weight 1. */
  readonly repositories: readonly RepositoryShare[];
  readonly workLimits: readonly WorkLimit[];
  /** All issues with a live claim of an agent of this dispatcher. */
  readonly work: readonly HeldIssue[];
  /** By repository; filled only where a limit names a state. */
  readonly states: ReadonlyMap<string, StateCounts>;
  /** Repositories in which nothing is started for now, and why. */
  readonly paused: ReadonlyMap<string, string>;
  /** Why this machine takes no more work, or null. */
  readonly noRoom: string | null;
  /** Since when issues wait for an agent, by key. RFC 3339. */
  readonly waitingForAgents: ReadonlyMap<string, string>;
}
