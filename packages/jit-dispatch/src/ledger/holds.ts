import type { Prepare } from './statements.ts';

/** A pause by a person's word, as the ledger holds it: nothing new is started under its scope. */
export interface Hold {
  /** `*`, `agent:ID` or `repository:NAME`. */
  readonly scope: string;
  readonly reason: string;
  readonly who: string;
  /** RFC 3339. */
  readonly since: string;
  /** It ends by itself then; null: not before `resume`. */
  readonly until: string | null;
}

/** What the ledger knows about pauses by a person's word. */
export interface HoldTable {
  /** Pauses a scope; one that is paused gets the new reason and end and keeps its beginning. */
  hold(hold: Hold): void;
  /** Ends the pause of a scope; whether there was one. */
  endHold(scope: string): boolean;
  /** Pauses that last at a time (RFC 3339), by scope. */
  holds(now: string): Hold[];
}

/** Holds in an open ledger. */
export function holdTable(prepare: Prepare): HoldTable {
  return {
    hold(hold) {
      prepare<[object]>(
        `INSERT INTO holds VALUES (@scope, @reason, @who, @since, @until) ON CONFLICT (scope) DO UPDATE
           SET reason = excluded.reason, who = excluded.who, until = excluded.until,
             since = CASE WHEN until IS NULL OR until > excluded.since THEN since ELSE excluded.since END`,
      ).run(hold);
    },
    endHold: (scope) =>
      prepare<[string]>('DELETE FROM holds WHERE scope = ?').run(scope).changes > 0,
    holds: (now) =>
      prepare<[string], Hold>(
        'SELECT * FROM holds WHERE until IS NULL OR until > ? ORDER BY scope',
      ).all(now),
  };
}
