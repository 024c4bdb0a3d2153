import type { Prepare } from './statements.ts';

/** A person's word that nothing is to be started for now. */
export interface Hold {
  /** `*`, `repository:NAME` or `agent:ID`. */
  readonly scope: string;
  readonly reason: string;
  readonly who: string;
  readonly since: string;
  /** Null: until it is taken back. */
  readonly until: string | null;
}

/** What the ledger knows about holds. */
export interface HoldTable {
  /** Those that hold at a time (RFC 3339). */
  holds(now: string): Hold[];
}

/** Holds in an open ledger. */
export function holdTable(prepare: Prepare): HoldTable {
  return {
    holds: (now) =>
      prepare<[string], Hold>(
        'SELECT * FROM holds WHERE until IS NULL OR until > ? ORDER BY scope',
      ).all(now),
  };
}
