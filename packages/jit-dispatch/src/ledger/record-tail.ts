import type { RecordType } from './record-types.ts';
import type { Prepare } from './statements.ts';

/** A record as people and programs see it: without the token of its run. */
export interface SeenRecord {
  readonly seq: number;
  readonly at: string;
  readonly type: RecordType;
  readonly run: string | null;
  readonly issue: string;
  readonly title: string | null;
  readonly agent: string | null;
  readonly attempt: number | null;
  readonly data: unknown;
}

/** The records of a ledger, one after the other. */
export interface RecordTail {
  /** Records after a number, oldest first, at most so many. */
  recordsAfter(seq: number, limit: number): SeenRecord[];
  /** The number of the newest record there ever was; 0 before the first. */
  newestSeq(): number;
  /** Whether every record after a number is still there. */
  isWhole(seq: number): boolean;
}

interface Row extends Omit<SeenRecord, 'data'> {
  readonly data: string;
  readonly token: string | null;
}

/** The tail of an open ledger. */
export function recordTail(prepare: Prepare): RecordTail {
  const newestSeq = () =>
    prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'records'").pluck().get() ??
    0;
  return {
    newestSeq,
    recordsAfter: (seq, limit) =>
      prepare<[number, number], Row>(
        `SELECT seq, at, type, records.run, records.issue, title, agent, attempt, data, token
           FROM records LEFT JOIN runs ON runs.run = records.run
           WHERE seq > ? ORDER BY seq LIMIT ?`,
      )
        .all(seq, limit)
        .map(({ token, data, ...row }) => ({ ...row, data: withoutToken(data, token) })),
    isWhole(seq) {
      // Numbers are given without gaps: what was rolled back gave its number back.
      const count = prepare<[number], number>('SELECT count(*) FROM records WHERE seq > ?')
        .pluck()
        .get(seq);
      return count === newestSeq() - seq;
    },
  };
}

/** No record holds one; what a tracker or an agent said could repeat it. */
function withoutToken(data: string, token: string | null): unknown {
  return JSON.parse(token === null ? data : data.replaceAll(token, '[token]')) as unknown;
}
