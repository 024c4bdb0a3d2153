import type { Outside } from '../config/agent-kinds.ts';
import type { AssignmentRecord, VerdictRecord } from '../run-records.ts';
import type { Timers } from '../timers.ts';
import type { Task } from './task.ts';

/** How the work of an agent elsewhere ended. */
export type Verdict = VerdictRecord & {
  /** When the other side may be asked again, RFC 3339; of `not_now`, where it says so. */
  readonly retry_at?: string | null;
};

/** What is seen of work elsewhere. */
export type Sight =
  /** `sign`: changes whenever something happened there; null where nothing can be told. */
  { readonly is: 'going'; readonly sign: string | null } | Verdict;

/** Work that is brought to an agent elsewhere. Errors of all methods are JitErrors; `retryable` ones pass. */
export interface Assignment {
  /** Between two looks. */
  readonly pollMs: number;
  /**
   * Brings the work there, or finds that it is there: called again after an error, and by a later run after
   * a crash, it never brings it twice.
   */
  begin(): Promise<Sight>;
  look(): Promise<Sight>;
  /**
   * Tells the other side, as far as it can be told, that the work is taken back. Gives what was done, in words;
   * or a verdict, where a person there was faster.
   */
  withdraw(): Promise<string | Verdict>;
  /** Ends what it holds in this process. */
  close(): Promise<void>;
}

/** What a kind works with. */
export interface Means {
  /** The name of the work over there: the id of the run that first brought it. */
  readonly key: string;
  /** What an earlier run left standing, which is gone on with; null: there is nothing. */
  readonly earlier: AssignmentRecord | null;
  /** A line for the log of the run. */
  say(line: string): void;
  /** Something happened: `look` is called now. */
  wake(): void;
  /** Keeps durably what a later run needs to find the work again: before it is brought, and after. */
  keep(is: 'asked' | 'standing', ref?: Readonly<Record<string, unknown>>): void;
  readonly timers: Timers;
  /** Milliseconds since 1970. */
  now(): number;
  readonly environment: NodeJS.ProcessEnv;
  /**
   * What is kept out of the log and of the verdict. A kind adds every secret that it reads or makes, and takes
   * them out of a text itself before it shortens it: half a secret is not found any more.
   */
  readonly secrets: Set<string>;
}

/** A kind of agent that works elsewhere. */
export interface Kind<Settings extends Outside['settings'] = Outside['settings']> {
  open(settings: Settings, task: Task, means: Means): Promise<Assignment>;
}

/** The work goes on. */
export function going(sign: string | null = null): Sight {
  return { is: 'going', sign };
}

export function done(detail: string): Verdict {
  return { is: 'done', failed: null, reason: 'done', detail };
}

export function failed(whose: 'agent' | 'environment', reason: string, detail: string): Verdict {
  return { is: 'failed', failed: whose, reason, detail };
}

/** A person over there ended the work on purpose. */
export function takenBack(detail: string): Verdict {
  return { is: 'taken_back', failed: null, reason: 'taken_back', detail };
}

/** The other side asks for patience. */
export function notNow(detail: string, retryAt: string | null): Verdict {
  return { is: 'not_now', failed: null, reason: 'rate_limit', detail, retry_at: retryAt };
}
