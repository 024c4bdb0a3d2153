import type { Journal } from './journal.ts';
import type { RecordType } from './record-types.ts';
import type { Prepare } from './statements.ts';

/** How far a pull request has got. The last five are ends. */
export const PULL_STATES = [
  'queued',
  'pushing',
  'pushed',
  'opening',
  /** It is open or merged at the forge, and the tracker is still to be told. */
  'opened',
  'linked',
  'nothing_to_merge',
  /** A person closed it. */
  'closed',
  'failed',
] as const;
export type PullState = (typeof PULL_STATES)[number];

/** What is to become of the commits of a completed run, as the ledger holds it. */
export interface Pull {
  readonly run: string;
  readonly issue: string;
  readonly title: string;
  /** A folder of the git repository. */
  readonly repository: string;
  /** The folder that the agent worked in. */
  readonly workspace: string;
  readonly branch: string;
  /** What the branch began at. */
  readonly base: string;
  /** What the run left on its branch; null: git did not tell yet. */
  readonly head: string | null;
  readonly state: PullState;
  readonly number: number | null;
  readonly url: string | null;
  /** What went wrong last, or why there is none; null: nothing. */
  readonly error: string | null;
  /** Tries that failed. */
  readonly tries: number;
  /** Not before (RFC 3339); null: now. */
  readonly next_try_at: string | null;
  readonly created_at: string;
  /** When nothing was left to be done. */
  readonly ended_at: string | null;
}

/** A pull request that is to be made. */
export type NewPull = Pick<
  Pull,
  'run' | 'issue' | 'title' | 'repository' | 'workspace' | 'branch' | 'base' | 'head' | 'created_at'
>;

/** The columns of a pull request that change. */
export type PullChange = Partial<
  Pick<Pull, 'head' | 'state' | 'number' | 'url' | 'error' | 'tries' | 'next_try_at' | 'ended_at'>
>;

/** What the ledger knows about pull requests. */
export interface PullTable {
  /** Those about which something is left to be done, oldest first. */
  openPulls(): Pull[];
  /** That of a run, or null if it has none. */
  pull(run: string): Pull | null;
  /** Those of an issue, oldest first. */
  pullsOf(issue: string): Pull[];
  /** Changes one where nobody is told. */
  changePull(run: string, change: PullChange): void;
  /** Journals what has become of one, and changes it with that. */
  recordPull(
    run: string,
    entry: { readonly type: RecordType; readonly at: string; readonly data: unknown },
    change: PullChange,
  ): void;
}

/** Adds a pull request; in a transaction of whoever calls. */
export function insertPull(prepare: Prepare, pull: NewPull): void {
  prepare<[object]>(
    `INSERT OR IGNORE INTO pull_requests
       (run, issue, title, repository, workspace, branch, base, head, state, tries, created_at)
       VALUES (@run, @issue, @title, @repository, @workspace, @branch, @base, @head, 'queued', 0, @created_at)`,
  ).run(pull);
}

/** Pull requests in an open ledger. */
export function pullTable(prepare: Prepare, journal: Journal): PullTable {
  const change = (run: string, columns: PullChange): void => {
    const assignments = Object.keys(columns).map((name) => `${name} = @${name}`);
    prepare<[object]>(`UPDATE pull_requests SET ${assignments.join(', ')} WHERE run = @run`).run({
      ...columns,
      run,
    });
  };
  return {
    openPulls: () =>
      prepare<[], Pull>('SELECT * FROM pull_requests WHERE ended_at IS NULL ORDER BY rowid').all(),
    pull: (run) =>
      prepare<[string], Pull>('SELECT * FROM pull_requests WHERE run = ?').get(run) ?? null,
    pullsOf: (issue) =>
      prepare<[string], Pull>('SELECT * FROM pull_requests WHERE issue = ? ORDER BY rowid').all(
        issue,
      ),
    changePull: change,
    recordPull(run, entry, columns) {
      journal.write(() => {
        journal.append(run, entry);
        change(run, columns);
      });
    },
  };
}
