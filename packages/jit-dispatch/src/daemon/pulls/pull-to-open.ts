import type { NewPull } from '../../ledger/pulls.ts';
import type { Run } from '../../ledger/run.ts';
import { HANDED_OVER } from '../../planning/hand-over.ts';
import type { Ending } from '../../planning/settle.ts';
import { createGit } from '../../workspaces/git.ts';
import { commitOf } from '../../workspaces/worktree.ts';
import type { Dispatcher } from '../dispatcher.ts';

/** A cycle waits no longer for git; it is asked again beside it. */
const GIT_MS = 10_000;
/** Completed, and nothing that anybody wants to have. */
const UNWANTED: readonly string[] = [HANDED_OVER, 'issue_rejected', 'issue_archived'];

/** The pull request that is to become of a run that ends so, or null. */
export async function pullToOpen(
  { config, ledger, environment, now }: Dispatcher,
  run: Run,
  { state, reason }: Ending,
): Promise<NewPull | null> {
  if (!config.pullRequest || run.workspace === null) return null;
  if (state !== 'completed' || UNWANTED.includes(reason)) return null;
  const made = ledger.workspaceAt(run.workspace);
  if (made === null || made.kind !== 'worktree' || made.branch === null) return null;
  const { repository, branch, base } = made;
  const git = createGit(environment, AbortSignal.timeout(GIT_MS));
  return {
    run: run.run,
    issue: run.issue,
    title: run.title,
    repository,
    workspace: run.workspace,
    branch,
    base,
    head: await commitOf(git, repository, `refs/heads/${branch}`),
    created_at: now().toISOString(),
  };
}
