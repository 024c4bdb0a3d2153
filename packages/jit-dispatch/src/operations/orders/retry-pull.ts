import type { OrderOutput } from '@jit/contract/outputs/control';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Pull } from '../../ledger/pulls.ts';
import { whyNoRetry } from '../../planning/judge-pull.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { createGit } from '../../workspaces/git.ts';
import { commitOf } from '../../workspaces/worktree.ts';
import { dispatchError } from '../dispatch-error.ts';
import { askedSites } from '../finding/asked-sites.ts';
import { resolveRun } from '../finding/resolve-run.ts';
import { daemonOf } from '../lifecycle/daemon-of.ts';
import { siteLedger } from '../site-ledger.ts';
import { whoAmI } from './who-am-i.ts';

/** Of which run, by its id or a unique beginning. */
export interface AskedRetry {
  readonly run: string;
  readonly repository?: string | undefined;
}

const GIT_MS = 10_000;

/**
 * Makes a pull request due again that was given up. Whoever makes pull requests under this name finds it in
 * the ledger: a running dispatcher within a second, else the next cycle.
 * @throws JitError RUN_NOT_FOUND (3), AMBIGUOUS_ID (4), INVALID_REQUEST (4), usage (2)
 */
export async function retryPull(
  workbench: Workbench,
  { run: typed, repository }: AskedRetry,
): Promise<OrderOutput> {
  const sites = await askedSites(workbench, repository);
  const { site, run, issue } = await resolveRun({ ...workbench, sites }, typed);
  const ledger = await siteLedger(workbench, site);
  const head = await headOf(workbench, demandFailed(ledger, run));
  // Two who ask at once queue it once.
  ledger.together(() => {
    const { branch } = demandFailed(ledger, run);
    const who = whoAmI(workbench.setup.environment);
    ledger.recordPull(
      run,
      {
        type: 'pull_request_queued',
        at: workbench.now().toISOString(),
        data: { branch, head, who },
      },
      { state: 'queued', head, error: null, tries: 0, next_try_at: null, ended_at: null },
    );
  });
  const daemon = daemonOf(workbench);
  return {
    order: null,
    kind: 'retry_pull',
    repository: site.repository,
    issue,
    run,
    agent: null,
    changed: true,
    outcome: 'queued',
    detail: whoTries(workbench.config.pullRequest !== null, daemon !== null),
    left_to: daemon,
  };
}

function demandFailed(ledger: Ledger, run: string): Pull {
  const pull = ledger.pull(run);
  const why = whyNoRetry(run, pull);
  if (why === null && pull !== null) return pull;
  throw dispatchError('invalid', 'INVALID_REQUEST', why ?? '', {
    hint: `nothing was changed; jit-dispatch show ${run} tells what became of the run`,
    details: { run, pull_request: pull?.state ?? null },
  });
}

/** What is on its branch now: people may have put it right. Where git does not tell, what the run left. */
async function headOf(
  { setup }: Workbench,
  { repository, branch, head }: Pull,
): Promise<string | null> {
  const git = createGit(setup.environment, AbortSignal.timeout(GIT_MS));
  return (await commitOf(git, repository, `refs/heads/${branch}`)) ?? head;
}

function whoTries(isConfigured: boolean, isRunning: boolean): string {
  if (!isConfigured) return 'it waits until there is a table [pull_request] again';
  return isRunning
    ? 'the running dispatcher tries again now'
    : 'the next `once` or `start` tries again';
}
