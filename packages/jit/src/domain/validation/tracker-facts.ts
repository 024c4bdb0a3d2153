import type { Event } from '../event.ts';
import type { Gate } from '../gate.ts';
import type { ClaimRecord, Instant } from '../holding.ts';
import type { Issue } from '../issue.ts';

/** A line of the event log that is no event. */
export interface BadEventLine {
  /** Path inside `.jit`. */
  readonly file: string;
  readonly line: number;
  readonly problem: string;
  /** It is an event, and only its end is missing. */
  readonly torn: boolean;
}

/** Everything that `validate` judges by, gathered at one moment. */
export interface TrackerFacts {
  readonly now: Instant;
  /** Every readable issue as its file has it, not settled, in the order of ids. */
  readonly issues: readonly Issue[];
  /** The id that each issue file's name says, also where the file can't be read. */
  readonly names: ReadonlySet<string>;
  readonly gates: ReadonlyMap<string, Gate>;
  readonly unreadable: readonly {
    readonly path: string;
    readonly subject: string;
    readonly problem: string;
  }[];
  readonly events: readonly Event[];
  readonly badEventLines: readonly BadEventLine[];
  /** Records of claims that no write has ended. */
  readonly records: readonly ClaimRecord[];
  /** For each write that is durable but can't be brought into the files: their paths. */
  readonly pending: readonly (readonly string[])[];
  /** Files of which the index held another content although their stamp had not changed. */
  readonly drifted: readonly string[];
}
