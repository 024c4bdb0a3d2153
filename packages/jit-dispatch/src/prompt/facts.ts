import { Drop } from 'liquidjs';

/** Somebody's words at an issue. */
export interface PromptComment {
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  readonly text: string;
}

/** An issue that had to be finished first, and what is known of its result. */
export interface PromptDependency {
  readonly id: string;
  /** Null where the tracker did not tell. */
  readonly title: string | null;
  readonly state: string;
  readonly finished_by: string | null;
  /** An agent that had this issue handed it over as a part of it. */
  readonly is_part: boolean;
  /** The newest ones. */
  readonly comments: readonly PromptComment[];
}

/** A document of the issue. */
export interface PromptDocument {
  readonly path: string;
  /** Null where it was not read: then `problem` says why. */
  readonly text: string | null;
  readonly problem: string | null;
}

/** Everything that a template can say. The names are those of the template language. */
export interface PromptContext {
  readonly issue: {
    readonly id: string;
    readonly title: string;
    readonly description: string;
    readonly priority: string;
    readonly labels: readonly string[];
    readonly acceptance_criteria: readonly string[];
    readonly dependencies: readonly string[];
    readonly documents: readonly string[];
    readonly comments: readonly PromptComment[];
    readonly created_at: string;
    readonly created_by: string;
    readonly links: unknown;
    readonly metadata: unknown;
  };
  /** Null at the first try, then its number. */
  readonly attempt: number | null;
  readonly agent: {
    readonly id: string;
    readonly type: string | null;
    readonly tags: readonly string[];
    /** `issue`: the agent finishes the issue itself; `exit`: exit code 0 does. */
    readonly completion: string;
  };
  readonly run: { readonly id: string };
  /** `jit`, or the forge whose issue it is: there is no `jit` command then. */
  readonly tracker: { readonly kind: string };
  readonly repository: {
    /** owner/name on a forge; null where none is configured. */
    readonly name: string | null;
    /** What the branch began at; null without a branch. */
    readonly base: string | null;
  };
  readonly workspace: { readonly path: string; readonly branch: string | null };
  readonly dependencies: readonly PromptDependency[];
  /** Those of them that were handed over. */
  readonly children: readonly PromptDependency[];
  readonly documents: readonly PromptDocument[];
  readonly earlier_failures: readonly {
    readonly attempt: number;
    readonly agent: string | null;
    readonly class: string;
    readonly reason: string;
  }[];
  readonly failed_gates: readonly {
    readonly gate: string;
    readonly attempt: number;
    readonly end: string;
    readonly output: string;
  }[];
  /** What is not in it, in sentences. A template that does not print them gets them at its end. */
  readonly left_out: readonly string[];
}

/** Stands for what has no fixed names: whatever is asked of it is there. */
export class Anything extends Drop {
  override liquidMethodMissing(): string {
    return 'anything';
  }
  override valueOf(): string {
    return 'anything';
  }
}

const WORD = 'word';
const COMMENT: PromptComment = { by: WORD, at: '2026-01-01T00:00:00.000Z', text: WORD };
const DEPENDENCY: PromptDependency = {
  id: WORD,
  title: WORD,
  state: 'done',
  finished_by: WORD,
  is_part: true,
  comments: [COMMENT],
};

/** One of everything: what templates are checked against. */
export const SAMPLE: PromptContext = {
  issue: {
    id: WORD,
    title: WORD,
    description: WORD,
    priority: 'normal',
    labels: [WORD],
    acceptance_criteria: [WORD],
    dependencies: [WORD],
    documents: [WORD],
    comments: [COMMENT],
    created_at: COMMENT.at,
    created_by: WORD,
    links: new Anything(),
    metadata: new Anything(),
  },
  attempt: 2,
  agent: { id: WORD, type: WORD, tags: [WORD], completion: 'issue' },
  run: { id: WORD },
  tracker: { kind: 'jit' },
  repository: { name: WORD, base: WORD },
  workspace: { path: WORD, branch: WORD },
  dependencies: [DEPENDENCY],
  children: [DEPENDENCY],
  documents: [{ path: WORD, text: WORD, problem: WORD }],
  earlier_failures: [{ attempt: 1, agent: WORD, class: 'agent', reason: WORD }],
  failed_gates: [{ gate: WORD, attempt: 1, end: WORD, output: WORD }],
  left_out: [WORD],
};

/** The least that there can be: what remains of a template are its own words. */
export const EMPTY: PromptContext = {
  issue: {
    ...SAMPLE.issue,
    description: '',
    labels: [],
    acceptance_criteria: [],
    dependencies: [],
    documents: [],
    comments: [],
  },
  attempt: null,
  agent: { ...SAMPLE.agent, tags: [] },
  run: SAMPLE.run,
  tracker: SAMPLE.tracker,
  repository: { name: null, base: null },
  workspace: { path: WORD, branch: null },
  dependencies: [],
  children: [],
  documents: [],
  earlier_failures: [],
  failed_gates: [],
  left_out: [],
};
