import { JitError } from '@jit/contract/errors';
import type { Forge, ForgeComment, ForgeIssue } from '../forge/forge.ts';
import { readLog } from './reading/read-log.ts';
import type { ForgeRules } from './reading/rules.ts';
import type { SeenIssue } from './reading/to-issue.ts';

/** The issues of a forge as they are seen from here. */
export interface View {
  /** The time by the forge's clock, as far as it is known: milliseconds since 1970. */
  now(): number;
  /** Sets that clock by a time that the forge has just written. */
  learn(written: string): void;
  /** All open issues that fit the filter, with what their comments say. */
  listOpen(): Promise<readonly SeenIssue[]>;
  /** The same, perhaps a moment old. */
  listLately(): Promise<readonly SeenIssue[]>;
  /** One issue as it is now; null: there is none. */
  look(number: number): Promise<SeenIssue | null>;
  /** The same, perhaps a moment old. */
  lookLately(number: number): Promise<SeenIssue | null>;
  /** An issue with other comments or facts: what was written is not asked for again. */
  reread(issue: ForgeIssue, comments: readonly ForgeComment[]): Promise<SeenIssue>;
  /** What this program writes is not to be read from memory. */
  forget(number: number): void;
}

/** What a view is made from. */
export interface ViewParts {
  readonly forge: Forge;
  readonly rules: () => ForgeRules;
  /** Login names whose markers count; none: that of the token. */
  readonly accounts: readonly string[];
  /** The clock of this machine, in milliseconds since 1970. */
  readonly now: () => number;
}

interface Kept {
  readonly issue: ForgeIssue;
  readonly comments: readonly ForgeComment[];
  /** When it was read, by the clock of this machine and that of the forge. */
  readonly at: number;
  readonly forgeAt: number;
}

/** Times of forges are whole seconds, and are not written in the moment of the change. */
const SETTLED_MS = 5_000;
/** What was changed without a trace in the time of the issue is seen after so long. */
const LONGEST_MS = 10 * 60_000;
const LATELY_MS = 2_000;
/** Forges count in seconds: a smaller difference says nothing. */
const SKEW_MS = 2_000;

/** Remembers what did not change: an issue is read again when its time has, or while somebody holds it. */
export function createView({ forge, rules, accounts, now }: ViewParts): View {
  const kept = new Map<number, Kept>();
  let skew = 0;
  let listed: { readonly at: number; readonly seen: readonly SeenIssue[] } | null = null;
  let listing: Promise<readonly SeenIssue[]> | null = null;
  let trusted: Promise<ReadonlySet<string>> | null = null;

  const forgeNow = (): number => now() + skew;

  const whoCounts = async (): Promise<ReadonlySet<string>> => {
    if (accounts.length > 0) return fold(accounts);
    trusted ??= forge.whoAmI().then((login) => fold([login]), asNoAccount);
    // A failure is not kept.
    trusted.catch(() => {
      trusted = null;
    });
    return trusted;
  };

  const toSeen = async (
    issue: ForgeIssue,
    comments: readonly ForgeComment[],
  ): Promise<SeenIssue> => {
    const counting = await whoCounts();
    const isTrusted = (author: string | null): boolean =>
      author !== null && counting.has(author.toLowerCase());
    return { issue, log: readLog(comments, isTrusted) };
  };

  const keep = (
    issue: ForgeIssue,
    comments: readonly ForgeComment[],
    read: { at: number; forgeAt: number },
  ): void => {
    kept.set(issue.number, { issue, comments, ...read });
  };

  const withComments = async (issue: ForgeIssue): Promise<SeenIssue> => {
    const before = kept.get(issue.number);
    if (before !== undefined && isSame(before, issue, now())) {
      const seen = await toSeen(issue, before.comments);
      // Renewals of a lease change a comment, not the issue.
      const last = seen.log.claims.at(-1);
      if (last === undefined || last.end !== null) return seen;
    }
    const read = { at: now(), forgeAt: forgeNow() };
    const comments = await forge.listComments(issue.number);
    keep(issue, comments, read);
    return toSeen(issue, comments);
  };

  const list = async (): Promise<readonly SeenIssue[]> => {
    const at = now();
    const [asked, counting] = await Promise.allSettled([
      forge.listIssues({ labels: rules().labels, state: 'open', since: null }),
      whoCounts(),
    ]);
    if (asked.status === 'rejected') throw asked.reason;
    if (counting.status === 'rejected') throw counting.reason;
    const issues = asked.value;
    const seen = await Promise.all(issues.map(withComments));
    const numbers = new Set(issues.map(({ number }) => number));
    for (const number of kept.keys()) if (!numbers.has(number)) kept.delete(number);
    listed = { at, seen };
    return seen;
  };

  const listOpen = (): Promise<readonly SeenIssue[]> => {
    listing ??= list().finally(() => {
      listing = null;
    });
    return listing;
  };

  const look = async (number: number): Promise<SeenIssue | null> => {
    const read = { at: now(), forgeAt: forgeNow() };
    const [issue, comments, counting] = await Promise.allSettled([
      forge.findIssue(number),
      forge.listComments(number),
      whoCounts(),
    ]);
    if (issue.status === 'rejected') throw issue.reason;
    if (counting.status === 'rejected') throw counting.reason;
    if (issue.value === null || issue.value.is_pull_request) return null;
    if (comments.status === 'rejected') throw comments.reason;
    keep(issue.value, comments.value, read);
    return toSeen(issue.value, comments.value);
  };

  return {
    now: forgeNow,
    learn(written) {
      const difference = Date.parse(written) - now();
      skew = Math.abs(difference) < SKEW_MS ? 0 : difference;
    },
    listOpen,
    async listLately() {
      return listed !== null && Math.abs(now() - listed.at) <= LATELY_MS ? listed.seen : listOpen();
    },
    look,
    reread: toSeen,
    async lookLately(number) {
      const before = kept.get(number);
      if (before === undefined || Math.abs(now() - before.at) > LATELY_MS) return look(number);
      return toSeen(before.issue, before.comments);
    },
    forget(number) {
      kept.delete(number);
      listed = null;
      // One that is under way may not have it.
      listing = null;
    },
  };
}

function isSame(before: Kept, { updated_at }: ForgeIssue, now: number): boolean {
  const { issue, at, forgeAt } = before;
  const isSettled = forgeAt - Date.parse(issue.updated_at) > SETTLED_MS;
  return issue.updated_at === updated_at && isSettled && Math.abs(now - at) < LONGEST_MS;
}

function fold(logins: readonly string[]): ReadonlySet<string> {
  return new Set(logins.map((login) => login.toLowerCase()));
}

function asNoAccount(error: unknown): never {
  if (!(error instanceof JitError) || error.code !== 'FORGE_FORBIDDEN') throw error;
  throw new JitError('permission', 'FORGE_FORBIDDEN', 'the token does not say whose it is', {
    hint: 'name the account it writes with in dispatch.toml: [tracker] accounts = ["github-actions[bot]"]',
    details: error.details,
    cause: error,
  });
}
