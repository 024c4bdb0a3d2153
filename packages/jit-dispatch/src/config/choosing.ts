import type { StrategyName } from '@jit/contract/vocabulary';

/** How an agent is chosen among those that may have an issue. */
export interface Strategy {
  readonly name: StrategyName;
  /** The only agent that is asked, of `only`. */
  readonly agent: string | null;
}

/** A kind of work, and the words by which it is recognised. */
export interface TaskTypeRule {
  readonly name: string;
  readonly keywords: readonly string[];
  /** The keywords as one expression; null: it is recognised only where it is named. */
  readonly pattern: RegExp | null;
}

/** Keywords as one expression, and by themselves to be counted. */
export interface Signals {
  readonly keywords: readonly { readonly word: string; readonly pattern: RegExp }[];
}

/** A program that says who work is for. */
export interface ClassifierProgram {
  readonly argv: readonly string[];
  /** Limit of one answer. */
  readonly timeoutSecs: number;
  /** When it is asked again after it gave none. */
  readonly retrySecs: number;
  /** Further variables that it is given of the dispatcher's own environment. */
  readonly passEnv?: readonly string[];
}

/** How it is found out who work is for. */
export interface ClassificationConfig {
  /** `none`: only what an issue says itself counts. */
  readonly by: 'keywords' | 'command' | 'none';
  /** Null unless `by` is `command`. */
  readonly program: ClassifierProgram | null;
  /** What counts while the program gives no answer: nothing (the issue waits), or the keywords. */
  readonly onFailure: 'wait' | 'keywords';
  /** Below this confidence, 0 to 1, a person has to be there: a human or hybrid agent. */
  readonly threshold: number;
  readonly human: Signals;
  readonly hybrid: Signals;
  readonly ai: Signals;
}

/** What `risk-map.json` says. Scores are 0 to 10. */
export interface RiskMap {
  readonly keywords: readonly {
    readonly word: string;
    readonly pattern: RegExp;
    readonly score: number;
  }[];
  readonly paths: readonly {
    readonly glob: string;
    readonly pattern: RegExp;
    readonly score: number;
  }[];
  /** The score of an issue that nothing in the map speaks of. */
  readonly otherwise: number;
}

/** What makes work too risky for most agents. */
export interface RiskConfig {
  /** The file of the map, absolute; null: no risk is looked at. */
  readonly file: string | null;
  /** What is in it; null without a file. */
  readonly map: RiskMap | null;
  /** At or above this score only agents with `high_risk` get an issue. */
  readonly threshold: number;
}

/** What each part of a match counts, at least one of them more than 0. */
export interface MatchWeights {
  readonly tags: number;
  readonly strengths: number;
  readonly class: number;
  readonly affinity: number;
  readonly load: number;
}

/** How issues and agents are brought together. */
export interface ChoosingConfig {
  readonly strategy: Strategy;
  /** It was chosen for one cycle. */
  readonly isForOnce?: boolean;
  /** Of `random`: the same seed draws the same agents for the same issues. */
  readonly seed: number;
  /** Only issues with all of these labels are looked at. */
  readonly labelFilter: readonly string[];
  readonly match: MatchWeights;
  /** In the order in which they are tried. */
  readonly taskTypes: readonly TaskTypeRule[];
  readonly classification: ClassificationConfig;
  readonly risk: RiskConfig;
  /** Whether people are asked when no agent is suitable; else the issue waits. */
  readonly escalatesUnsuitable: boolean;
}
