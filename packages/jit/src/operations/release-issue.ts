import { JitError, usageError } from '@jit/contract/errors';
import type { FailureClass } from '@jit/contract/vocabulary';
import { lostClaim, withoutClaim } from '../domain/claims.ts';
import { blocked, illegalMove } from '../domain/errors.ts';
import { blockersOf, shownState } from '../domain/readiness.ts';
import type { WriteTx } from '../store/store.ts';
import type { Changed } from './transitions.ts';
import { become } from './transitions.ts';
import type { Writer } from './writer.ts';
import { endRecord, fenceOwner } from './writer.ts';

/** How a claim is given back. */
export interface ReleaseInput {
  readonly reason: string | null;
  /** Why the work failed; stands in the event, for every dispatcher to see. */
  readonly failed: FailureClass | null;
  /** Not before this many seconds from now. */
  readonly deferSecs: number | null;
  /** Only if the issue ends up ready (`update --state ready`). */
  readonly mustBeReady: boolean;
}

/** The longest time an issue can be deferred by a release: one year, in seconds. */
const MAX_DEFER_SECS = 366 * 24 * 3600;

/** Gives an issue back: ready again unless something blocks it by now; a gated one stays gated. Errors: ILLEGAL_MOVE (4), CLAIM_HELD (6), LOST_CLAIM (7). */
export function releaseIssue(
  tx: WriteTx,
  ref: string,
  writer: Writer,
  input: ReleaseInput,
): Changed {
  const { deferSecs } = input;
  if (deferSecs !== null && !(deferSecs >= 0 && deferSecs <= MAX_DEFER_SECS)) {
    throw usageError(`--defer takes 0 to ${MAX_DEFER_SECS} seconds`);
  }
  const id = tx.resolve(ref);
  const issue = tx.mustHave(id);
  const { lastHolder } = fenceOwner(tx, id, writer);
  const holds = issue.claim !== null || issue.state === 'in_progress';
  if (lastHolder || !holds) {
    if (issue.state !== 'open' && issue.state !== 'gated') {
      throw lastHolder
        ? lostClaim(id, `the claim has ended; the issue is ${issue.state}`)
        : illegalMove(id, shownState(issue, tx), 'be released');
    }
    if (!lastHolder && deferSecs !== null) throw nothingToDefer(id);
    if (input.mustBeReady) refuseUnready(tx, id);
    return { id, changed: false };
  }
  const { assignee, attempt } = issue;
  const until =
    deferSecs === null || deferSecs === 0
      ? null
      : new Date(tx.now + deferSecs * 1000).toISOString();
  const after = { ...withoutClaim(issue), ...(until !== null && { defer_until: until }) };
  tx.emit({
    type: 'claim_released',
    issue: id,
    attempt,
    assignee,
    reason: input.reason,
    failed: input.failed,
    defer_until: until,
  });
  become(tx, issue, after, { cause: 'claim_released' });
  endRecord(tx, id, 'released');
  if (input.mustBeReady) refuseUnready(tx, id);
  return { id, changed: true };
}

function refuseUnready(tx: WriteTx, id: string): void {
  const issue = tx.mustHave(id);
  const blockers = blockersOf(issue, tx);
  if (blockers.length > 0) throw blocked(id, 'become ready', blockers);
  if (issue.state !== 'open') throw illegalMove(id, shownState(issue, tx), 'become ready');
}

function nothingToDefer(id: string): JitError {
  return new JitError(
    'invalid',
    'NOT_CLAIMED',
    `${id} is not claimed: there is nothing to release`,
    {
      hint: 'jit issue update ID --defer-until TIME defers an issue that nobody holds.',
      details: { issue: id },
    },
  );
}
