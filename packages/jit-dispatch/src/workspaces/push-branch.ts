import { refusalOf } from './git.ts';
import { runInGroup } from './run-in-group.ts';

/** A commit that is to be on a branch of a remote. */
export interface BranchPush {
  /** A folder of the git repository that has the commit. */
  readonly repository: string;
  /** The name of a remote. */
  readonly remote: string;
  readonly branch: string;
  readonly commit: string;
  /** Of git and of the hooks it starts: all of it. */
  readonly environment: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What came of it. `diverged`: the branch has commits there that this one does not build on. */
export type PushEnd =
  | { readonly is: 'pushed' }
  | { readonly is: 'diverged' | 'failed'; readonly said: string };

/** Nobody is asked for a password. */
const ASKS_NOBODY = {
  GIT_TERMINAL_PROMPT: '0',
  GCM_INTERACTIVE: 'never',
  SSH_ASKPASS_REQUIRE: 'never',
  LC_ALL: 'C',
};
/** Nothing but that branch, and never over what is there, whatever the settings say. */
const ONLY_THIS = ['--porcelain', '--no-force', '--no-follow-tags', '--recurse-submodules=no'];
const DIVERGED = /\[rejected\] \((non-fast-forward|fetch first|stale info|needs force)\)/;

/**
 * Pushes exactly that commit to exactly that branch, without force, with hooks and credentials as whoever
 * runs this has them. May be repeated: a branch that is there already is fine. Never throws.
 */
export async function pushBranch(push: BranchPush): Promise<PushEnd> {
  const { repository, remote, branch, commit, environment, timeoutMs, signal } = push;
  const end = await runInGroup({
    argv: ['git', 'push', ...ONLY_THIS, '--', remote, `${commit}:refs/heads/${branch}`],
    cwd: repository,
    environment: { ...environment, ...ASKS_NOBODY },
    timeoutMs,
    signal,
  });
  if (end.problem === null) return { is: 'pushed' };
  const line = end.stdout.split('\n').find((each) => each.startsWith('!\t'));
  if (line !== undefined && DIVERGED.test(line)) return { is: 'diverged', said: reasonIn(line) };
  // Killed: what it printed until then is not why.
  if (end.code === null) return { is: 'failed', said: `git push ${end.problem}` };
  const said = line === undefined ? refusalOf(end) : `${reasonIn(line)}: ${saidBy(end.tail)}`;
  return { is: 'failed', said: withoutPasswords(said) };
}

/** The last column of a line of `--porcelain`. */
function reasonIn(line: string): string {
  return line.split('\t').at(-1) ?? line;
}

/** What hooks of the other side said. */
function saidBy(tail: string): string {
  const lines = tail.split('\n').flatMap((line) => /^remote: (.*\S)/.exec(line)?.[1] ?? []);
  return lines.join(' ') || 'no reason was given';
}

function withoutPasswords(text: string): string {
  return text.replace(/:\/\/[^/\s@]*@/g, '://[…]@');
}
