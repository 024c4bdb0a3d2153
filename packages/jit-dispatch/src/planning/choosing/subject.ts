import type { MatchWeights, Strategy } from '../../config/choosing.ts';
import type { Assessment } from '../assessing/assess.ts';
import type { IssueHistory } from '../history.ts';
import type { Limits } from './exclusion.ts';

/** By what agents are chosen, of the configuration. */
export interface ChoosingRules {
  readonly strategy: Strategy;
  /** The strategy is that of one cycle: whom it leaves out is there all the same. */
  readonly isForOnce?: boolean;
  readonly seed: number;
  readonly match: MatchWeights;
  readonly escalatesUnsuitable: boolean;
  /** Only issues with all of these labels are given out. */
  readonly labelFilter: readonly string[];
}

/** An issue, what is known of it, and what was tried at it. */
export interface Subject {
  readonly issue: {
    readonly key: string;
    readonly labels: readonly string[];
    /** Who it is reserved for. */
    readonly assignee: string | null;
  };
  readonly assessment: Assessment;
  readonly history: IssueHistory;
  readonly limits: Limits;
  readonly rules: ChoosingRules;
}
