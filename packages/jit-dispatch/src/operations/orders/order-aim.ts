import { JitError } from '@jit/contract/errors';
import type { OrderOutput } from '@jit/contract/outputs/control';
import type { Run } from '../../ledger/run.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { dispatchError } from '../dispatch-error.ts';
import { askedSites } from '../finding/asked-sites.ts';
import { findIssue, noSuchIssue } from '../finding/find-issue.ts';
import type { FoundIssue } from '../finding/find-issues.ts';
import { resolveRun } from '../finding/resolve-run.ts';

/** What an order is about. */
export interface AimedIssue extends FoundIssue {
  /** Its live run here. */
  readonly run: Run | null;
}

/**
 * The issue that was typed by its id or by that of a live run.
 * @throws JitError INVALID_REQUEST (3, 4), AMBIGUOUS_ID (4) of a run, usage (2), TRACKER_… (10)
 */
export async function aimOf(
  workbench: Workbench,
  ref: string,
  repository: string | undefined,
): Promise<AimedIssue> {
  // A run is known here, whether every tracker that was asked for an issue of that name answers or not.
  const found = await findIssue(workbench, ref, repository).catch((error: unknown) => {
    if (error instanceof JitError && error.kind === 'external') return error;
    throw error;
  });
  if (found !== null && !(found instanceof JitError))
    return { ...found, run: await liveRunOf(workbench, found) };
  const sites = await askedSites(workbench, repository);
  const { site, ...run } = await resolveRun({ ...workbench, sites }, ref).catch(
    (error: unknown) => {
      const isNone = error instanceof JitError && error.code === 'RUN_NOT_FOUND';
      throw isNone ? (found ?? noSuchIssue(ref, 'issue and no run')) : error;
    },
  );
  if (run.ended_at !== null)
    throw dispatchError(
      'invalid',
      'INVALID_REQUEST',
      `run ${run.run} has ended: ${run.state}${run.reason === null ? '' : `, ${run.reason}`}`,
      { hint: `name the issue instead: ${run.issue}`, details: { run: run.run, issue: run.issue } },
    );
  const its = await findIssue(workbench, run.issue, site.repository || undefined);
  if (its === null) throw noSuchIssue(run.issue);
  return { ...its, run };
}

async function liveRunOf(workbench: Workbench, { site, issue }: FoundIssue): Promise<Run | null> {
  const ledger = await workbench.readLedger(site);
  return ledger?.liveRuns().findLast((run) => run.issue === issue.id) ?? null;
}

/** Why an issue that nobody works on here is none to stop or to hand over; null if it is. */
export function unfitFor({
  issue: { id, state, assignee, isClaimed },
  run,
}: AimedIssue): JitError | null {
  if (run !== null) return null;
  const details = { issue: id, state, assignee };
  if (isFinished(state))
    return dispatchError('invalid', 'INVALID_REQUEST', `${id} is ${state}: nothing is left to do`, {
      hint: 'nothing was changed',
      details,
    });
  if (isClaimed || state === 'in_progress')
    return dispatchError(
      'conflict',
      'ALREADY_DISPATCHED',
      `${id} is being worked on by ${assignee ?? 'somebody'}, and not through this dispatcher`,
      {
        hint: 'order it where it runs; how a person takes work back is told in docs/runs.md',
        details,
      },
    );
  if (state === 'gated')
    return dispatchError('blocked', 'INVALID_REQUEST', `${id} waits for its gates, not for work`, {
      hint: `decide them: jit issue show ${id} lists them`,
      details,
    });
  return null;
}

function isFinished(state: string): boolean {
  return state === 'done' || state === 'rejected' || state === 'archived';
}

/** The answer where everything is already as it was ordered. */
export function unchanged(
  { site, issue, run }: AimedIssue,
  facts: Pick<OrderOutput, 'kind' | 'agent' | 'outcome' | 'detail'>,
): OrderOutput {
  return {
    order: null,
    repository: site.repository,
    issue: issue.id,
    run: run?.run ?? null,
    changed: false,
    left_to: null,
    ...facts,
  };
}
