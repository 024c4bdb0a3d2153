/** An issue of a forge, in the words that all forges share. Times are RFC 3339. */
export interface ForgeIssue {
  readonly number: number;
  readonly title: string;
  /** Empty where it has none. */
  readonly body: string;
  readonly state: 'open' | 'closed';
  /** Why it was closed (`completed`, `not_planned`, …); null where the forge does not say. */
  readonly state_reason: string | null;
  readonly labels: readonly string[];
  /** Login names. */
  readonly assignees: readonly string[];
  /** Null where the account is gone. */
  readonly author: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  /** Its page for people. */
  readonly url: string;
  readonly is_pull_request: boolean;
}

/** A comment on an issue. Ids grow over all issues of a forge: the lower one was made earlier. */
export interface ForgeComment {
  readonly id: number;
  readonly author: string | null;
  readonly body: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** A label of the repository. */
export interface ForgeLabel {
  readonly name: string;
  /** Six hexadecimal digits, without `#`. */
  readonly color: string;
  readonly description: string;
}

/** A pull request. */
export interface ForgePull {
  readonly number: number;
  readonly title: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly is_draft: boolean;
  /** The branch it brings in, and the one it goes into. */
  readonly head: string;
  readonly base: string;
  /** What stands at its head. GitHub keeps the last one of a finished pull request, Gitea tells where the branch is now. */
  readonly head_commit: string;
  readonly url: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Which issues are asked for. */
export interface IssueFilter {
  /** It has all of these; none: any issue. */
  readonly labels: readonly string[];
  readonly state: 'open' | 'closed' | 'all';
  /** Leaves out what was last changed before; null: nothing. */
  readonly since: string | null;
}

/** Which pull requests are asked for: those of a branch of this repository. */
export interface PullFilter {
  readonly head: string;
  /** Leaves out what was last changed before; null: nothing. Forges that can't ask by branch look at fewer with it. */
  readonly since: string | null;
  /** Those that were closed without a merge, too; left out: open and merged ones. */
  readonly withClosed?: boolean;
}

/** A pull request to be. */
export interface NewPull {
  readonly title: string;
  readonly body: string;
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
}

/**
 * One repository of a forge, over its API. Every method throws a JitError (`FORGE_…`) when the forge
 * can't be asked, refuses, or does not answer sensibly; that is never "nothing there". After
 * `FORGE_RATE_LIMITED` the forge is not asked before `details.retry_at`.
 *
 * Reading is tried again a few times, writing never: with `details.may_have_happened` the answer was
 * lost, and the caller looks first. Adding and removing labels and assignees may be repeated unchanged;
 * of a comment it is the marker in its text that tells (`findComment`), of a pull request its branch.
 */
export interface Forge {
  /** What people call it, for messages: `github.com/owner/name`. */
  readonly name: string;

  /** All issues that match, by ascending number, without pull requests. What changes meanwhile may be missing. */
  listIssues(filter: IssueFilter): Promise<readonly ForgeIssue[]>;
  /** One issue, or null where there is none (any more). */
  findIssue(number: number): Promise<ForgeIssue | null>;
  /** `reason` is kept where the forge has such a thing. Closing a closed one is fine. */
  closeIssue(number: number, reason: 'completed' | 'not_planned'): Promise<ForgeIssue>;
  reopenIssue(number: number): Promise<ForgeIssue>;

  /** All comments of an issue, by ascending id. */
  listComments(number: number): Promise<readonly ForgeComment[]>;
  /** The first comment whose text contains the marker. */
  findComment(number: number, marker: string): Promise<ForgeComment | null>;
  addComment(number: number, body: string): Promise<ForgeComment>;
  editComment(id: number, body: string): Promise<ForgeComment>;
  /** One that is not there is fine. */
  deleteComment(id: number): Promise<void>;

  listLabels(): Promise<readonly ForgeLabel[]>;
  /** Puts a label on an issue. The repository gets it with this colour if it has none of the name. */
  addLabel(number: number, label: ForgeLabel): Promise<void>;
  /** One that is not on is fine. */
  removeLabel(number: number, name: string): Promise<void>;

  /** Adds assignees. Returns who is assigned then: forges leave out who may not be, without a word. */
  assign(number: number, logins: readonly string[]): Promise<readonly string[]>;
  /** Removes assignees; those who are none are fine. Returns who is assigned then. */
  unassign(number: number, logins: readonly string[]): Promise<readonly string[]>;

  /** The login name that the token belongs to. Tokens of apps have none: `FORGE_FORBIDDEN`. */
  whoAmI(): Promise<string>;
  findDefaultBranch(): Promise<string>;
  hasBranch(branch: string): Promise<boolean>;
  /** The commit that a branch is at, or null where there is no such branch. */
  findBranchCommit(branch: string): Promise<string | null>;
  /** By descending number. */
  findPulls(filter: PullFilter): Promise<readonly ForgePull[]>;
  /** `FORGE_CONFLICT` where the branch has an open one, `FORGE_REFUSED` where there is nothing to merge. */
  openPull(pull: NewPull): Promise<ForgePull>;
}
