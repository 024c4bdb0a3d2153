import { JitError, usageError } from '@jit/contract/errors';
import type { ShownState } from '@jit/contract/vocabulary';
import { illegalMove } from '../../domain/errors.ts';
import { openGates } from '../../domain/gate.ts';
import { shownState } from '../../domain/readiness.ts';
import { claimIssue } from '../../operations/claim-issue.ts';
import { finishIssue, rejectIssue } from '../../operations/finish-issue.ts';
import { releaseIssue } from '../../operations/release-issue.ts';
import { archiveIssue } from '../../operations/reopen-issue.ts';
import type { Writer } from '../../operations/writer.ts';
import type { WriteTx } from '../../store/store.ts';

/** The flags of `update` that say how the state is to change. */
export interface MoveArgs {
  readonly state: ShownState | undefined;
  readonly force: boolean;
  readonly overrideClaim: boolean;
  readonly reason: string | undefined;
}

/** What became of the move. `token`: that of a claim. `refusal` is to be thrown when the change is durable. */
export interface Moved {
  readonly changed: boolean;
  readonly token: string | null;
  readonly refusal?: JitError | undefined;
}

const OVERRIDABLE: readonly (ShownState | undefined)[] = ['open', 'ready', 'done', 'rejected'];
const WITH_REASON: readonly (ShownState | undefined)[] = ['open', 'ready', 'rejected'];

/** Refuses flags that would be passed over. Errors: USAGE. */
export function checkMove({ state, force, overrideClaim, reason }: MoveArgs): void {
  if (force && state !== 'done') throw usageError('--force goes with --state done only');
  if (force && reason === undefined) throw usageError('--force needs --reason TEXT');
  if (overrideClaim && !OVERRIDABLE.includes(state)) {
    throw usageError(
      '--override-claim goes with --state done, open, ready and rejected only',
      state === 'in_progress' ? { hint: 'A claim is handed over with jit issue reassign.' } : {},
    );
  }
  if (reason !== undefined && !force && !overrideClaim && !WITH_REASON.includes(state)) {
    throw usageError(
      '--reason goes with --state open, ready and rejected, --force and --override-claim',
    );
  }
}

/** Brings the issue into the state that was asked for. Errors: those of the operation behind it. */
export function moveIssue(
  tx: WriteTx,
  id: string,
  writer: Writer,
  args: MoveArgs & {
    readonly state: ShownState;
    readonly actor: string;
    readonly ttlSecs: () => number | null;
  },
): Moved {
  const reason = args.reason ?? null;
  switch (args.state) {
    case 'in_progress':
      return begin(tx, id, writer, args.actor, args.ttlSecs());
    case 'done':
      return { token: null, ...finishIssue(tx, id, writer, args.force ? reason : null) };
    case 'rejected':
      return { token: null, ...rejectIssue(tx, id, writer, reason) };
    case 'archived':
      return { token: null, ...archiveIssue(tx, id, writer) };
    case 'gated':
      throw gatedByItself(tx, id);
    default: {
      const mustBeReady = args.state === 'ready';
      const input = { reason, failed: null, deferSecs: null, mustBeReady };
      return { token: null, ...releaseIssue(tx, id, writer, input) };
    }
  }
}

function begin(
  tx: WriteTx,
  id: string,
  { token }: Writer,
  actor: string,
  ttlSecs: number | null,
): Moved {
  const { changed, ...granted } = claimIssue(tx, id, {
    assignee: actor,
    ttlSecs,
    token,
    maxHeld: null,
  });
  const { state } = tx.mustHave(id);
  // The token may hold an issue that is gated: then the claim is still good, but the state is another.
  if (state !== 'in_progress') throw illegalMove(id, state, 'be in_progress');
  return { changed, token: granted.token };
}

function gatedByItself(tx: WriteTx, id: string): JitError {
  const issue = tx.mustHave(id);
  const state = shownState(issue, tx);
  const open = openGates(issue, 'done', tx.gate);
  const hint =
    open.length === 0
      ? `It becomes gated by itself: jit issue update ${tx.shortId(id)} --state done, while an exit gate is not passed. It has no such gate.`
      : `It becomes gated by itself: jit issue update ${tx.shortId(id)} --state done, while an exit gate is not passed (${open.join(', ')}).`;
  return new JitError('invalid', 'ILLEGAL_MOVE', `${id} is ${state}: it can't be set to gated`, {
    hint,
    details: { issue: id, state, wanted: 'gated', gates: open },
  });
}
