import type { Outside } from '../../src/config/agent-kinds.ts';
import type { Task } from '../../src/runners/task.ts';

/** What can go wrong at the other side. */
export const TROUBLES = [
  /** It says no to the work. */
  'refuse',
  /** The token has no rights. */
  'forbid',
  /** It asks for patience, for so long as `LIMIT_SECS`. */
  'limit',
  /** Two requests fail, the next one goes well. */
  'fail_twice',
  /** It does what was asked for, and the answer is lost. */
  'lose_answer',
  /** The answer to a write comes in part. */
  'half_answer',
  /** The next answer takes a while. */
  'slow',
] as const;
export type Trouble = (typeof TROUBLES)[number];

export const LIMIT_SECS = 90;

/** The other side of a kind: real servers and programs, with people that act there. */
export interface KindWorld {
  readonly outside: Outside;
  /** What the task says besides; the rest is made up. */
  readonly facts?: Partial<Task>;
  readonly env: Readonly<Record<string, string>>;
  /** How often the work was brought there, as it counts there. */
  brought(): Promise<number>;
  /** How often the other side was asked for anything. */
  asked(): number;
  finish(): Promise<void>;
  /** Null: work of this kind does not fail there. */
  readonly fail: (() => Promise<void>) | null;
  /** A person there ends it on purpose; null: nobody can. */
  readonly takeBack: (() => Promise<void>) | null;
  /** Whether it was told that the work is taken back; null: it ends with the envoy. */
  readonly isWithdrawn: (() => Promise<boolean>) | null;
  readonly troubles: Readonly<Partial<Record<Trouble, () => void | Promise<void>>>>;
}
