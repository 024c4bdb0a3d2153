import type { Journal } from './journal.ts';
import type { Prepare } from './statements.ts';

/** An account whose provider asked for patience, as the ledger holds it. */
export interface Pause {
  readonly account: string;
  /** RFC 3339. */
  readonly until: string;
  readonly reason: string;
}

/** What the ledger knows about accounts that rest. */
export interface PauseTable {
  /** Journals that an account rests until a time, for what a run of it met; never shortens a rest. */
  pauseAccount(pause: Pause, because: { readonly run: string; readonly at: string }): void;
  /** Accounts that rest at a time (RFC 3339). */
  pauses(now: string): Pause[];
}

/** Pauses in an open ledger. */
export function pauseTable(prepare: Prepare, journal: Journal): PauseTable {
  return {
    pauseAccount(pause, { run, at }) {
      journal.write(() => {
        journal.append(run, { type: 'account_paused', at, data: pause });
        prepare<[object]>(
          `INSERT INTO pauses VALUES (@account, @until, @reason) ON CONFLICT (account) DO UPDATE
             SET until = excluded.until, reason = excluded.reason WHERE excluded.until > until`,
        ).run(pause);
      });
    },
    pauses: (now) =>
      prepare<[string], Pause>('SELECT * FROM pauses WHERE until > ? ORDER BY account').all(now),
  };
}
