import type { Journal } from './journal.ts';
import type { Prepare } from './statements.ts';

/** A workspace that runs of this dispatcher were given, as the ledger holds it. */
export interface RegisteredWorkspace {
  readonly issue: string;
  readonly kind: 'dir' | 'worktree';
  readonly path: string;
  /** A folder of the git repository that a worktree belongs to. */
  readonly repository: string;
  readonly branch: string | null;
  readonly base: string;
  readonly made_at: string;
  /** When it was last decided whether it may go. */
  readonly looked_at: string | null;
  /** Why it was not removed then, in words; null before, and while it is in use. */
  readonly kept_because: string | null;
}

/** The same with what the runs of its issue say. */
export interface WorkspaceUse extends RegisteredWorkspace {
  readonly has_live_run: boolean;
  readonly last_ended_at: string | null;
}

/** What the ledger knows about workspaces: only what is registered is ever removed. */
export interface WorkspaceTable {
  /** Before a run gets it. The newest facts count, and what kept an earlier one is forgotten. */
  registerWorkspace(workspace: Omit<RegisteredWorkspace, 'looked_at' | 'kept_because'>): void;
  /** All of them, by issue. */
  workspaces(): WorkspaceUse[];
  /** The one at a path. */
  workspaceAt(path: string): RegisteredWorkspace | null;
  /** Notes that it stays, and why. */
  keepWorkspace(path: string, because: string | null, at: string): void;
  /** Journals that it is about to be removed. */
  beginRemoval(workspace: Pick<RegisteredWorkspace, 'issue' | 'path'>, at: string): void;
  /** It is gone. */
  forgetWorkspace(path: string): void;
}

/** Workspaces in an open ledger. */
export function workspaceTable(prepare: Prepare, journal: Journal): WorkspaceTable {
  return {
    registerWorkspace({ issue, kind, path, repository, branch, base, made_at }) {
      const row = { issue, kind, path, repository, branch, base, made_at };
      prepare<[object]>(
        `INSERT INTO workspaces (issue, kind, path, repository, branch, base, made_at)
           VALUES (@issue, @kind, @path, @repository, @branch, @base, @made_at)
           ON CONFLICT (path) DO UPDATE SET issue = @issue, kind = @kind, repository = @repository,
             branch = @branch, base = @base, looked_at = NULL, kept_because = NULL`,
      ).run(row);
    },
    workspaces() {
      return prepare<[], RegisteredWorkspace & { live: number; last_ended_at: string | null }>(
        `SELECT *,
           EXISTS (SELECT 1 FROM runs WHERE runs.issue = workspaces.issue AND ended_at IS NULL) AS live,
           (SELECT MAX(ended_at) FROM runs WHERE runs.workspace = workspaces.path) AS last_ended_at
         FROM workspaces ORDER BY issue, path`,
      )
        .all()
        .map(({ live, ...row }) => ({ ...row, has_live_run: live === 1 }));
    },
    workspaceAt: (path) =>
      prepare<[string], RegisteredWorkspace>('SELECT * FROM workspaces WHERE path = ?').get(path) ??
      null,
    keepWorkspace(path, because, at) {
      prepare<[object]>(
        'UPDATE workspaces SET kept_because = @because, looked_at = @at WHERE path = @path',
      ).run({ path, because, at });
    },
    beginRemoval({ issue, path }, at) {
      journal.write(() => {
        journal.appendOfIssue(issue, { type: 'removing_workspace', at, data: { path } });
      });
    },
    forgetWorkspace(path) {
      prepare<[string]>('DELETE FROM workspaces WHERE path = ?').run(path);
    },
  };
}
