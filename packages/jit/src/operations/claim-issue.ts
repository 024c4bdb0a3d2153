import { JitError } from '@jit/contract/errors';
import type { Priority } from '@jit/contract/vocabulary';
import { decideClaim } from '../domain/claims.ts';
import type { Expression } from '../domain/filter/expression.ts';
import { matches } from '../domain/filter/matches.ts';
import type { ClaimRecord } from '../domain/holding.ts';
import { isOver } from '../domain/holding.ts';
import type { Issue } from '../domain/issue.ts';
import { readyOrder } from '../domain/order.ts';
import { blockersOf, isReady } from '../domain/readiness.ts';
import { randomBytes } from '../platform/crypto.ts';
import type { ReadTx, WriteTx } from '../store/store.ts';
import { checkTokenForm, hashToken } from './writer.ts';

/** How an issue is claimed. */
export interface ClaimInput {
  readonly assignee: string;
  /** Length of the lease in seconds; null: no lease. */
  readonly ttlSecs: number | null;
  /** The claimer's own token, or null to be given one. */
  readonly token: string | null;
  /** Refuse if the assignee already holds this many live claims. */
  readonly maxHeld: number | null;
}

/** A granted claim; `token` is shown to the claimer this once. */
export interface Granted {
  readonly id: string;
  readonly token: string;
  readonly changed: boolean;
}

/**
 * Gives the issue to the assignee: check and write in one transaction, so that exactly one of any
 * number of processes wins. Errors: ALREADY_CLAIMED, RESERVED, ASSIGNEE_FULL (6), BLOCKED (4), LOST_CLAIM (7).
 */
export function claimIssue(tx: WriteTx, ref: string, input: ClaimInput): Granted {
  return claimIn(tx, tx.resolve(ref), input);
}

/** What `claim-next` chooses among. */
export interface NextFilter {
  readonly labels: readonly string[];
  readonly priorities: readonly Priority[];
  readonly expression: Expression | null;
}

/** Gives the assignee the first fitting issue of the ready order. Errors: NOTHING_READY (3), ASSIGNEE_FULL (6). */
export function claimNext(tx: WriteTx, filter: NextFilter, input: ClaimInput): Granted {
  const next = nextFor(tx, filter, input);
  if (next !== undefined) return claimIn(tx, next, input);
  throw nothingReady(tx, filter, input);
}

/** Nothing fits: exit 3, with what is ready for others. */
function nothingReady(tx: WriteTx, filter: NextFilter, { assignee }: ClaimInput): JitError {
  const ready = tx.unfinished().filter((issue) => isReady(issue, tx));
  const fitting = ready.filter((issue) => fits(tx, issue, filter));
  const reserved = fitting.filter((issue) => !isFor(issue, assignee)).length;
  const words = [
    ...(reserved > 0 ? [`${reserved} reserved for others`] : []),
    ...(ready.length > fitting.length
      ? [`${ready.length - fitting.length} the filter leaves out`]
      : []),
  ];
  const rest = words.length === 0 ? '' : ` for ${assignee}; besides: ${words.join(', ')}`;
  return new JitError('not_found', 'NOTHING_READY', `nothing is ready${rest}`, {
    hint:
      words.length === 0
        ? 'jit query blocked tells what waits for what.'
        : 'jit query ready lists what is ready for anybody.',
    retryable: true,
    details: { ready: ready.length, reserved, left_out: ready.length - fitting.length },
  });
}

/** The issue that `claim-next` would give now: the one the token holds already, else the first fitting one. */
export function nextFor(tx: ReadTx, filter: NextFilter, input: ClaimInput): string | undefined {
  const held = input.token === null ? undefined : heldWith(tx, input.token);
  if (held !== undefined) return held;
  const [first] = tx
    .unfinished()
    .filter(
      (issue) => fits(tx, issue, filter) && isFor(issue, input.assignee) && isReady(issue, tx),
    )
    .sort(readyOrder);
  return first?.id;
}

function heldWith(tx: ReadTx, token: string): string | undefined {
  const hash = hashToken(checkTokenForm(token));
  return tx.liveRecords().find((record) => record.token_hash === hash)?.issue;
}

/** Whether the claim of a record is the one that counts: a merge may have brought another one. */
function isHolding(tx: ReadTx, record: ClaimRecord): boolean {
  const holding = tx.holding(record.issue);
  return holding.kind === 'held' && holding.token_hash === record.token_hash;
}

function fits(tx: ReadTx, issue: Issue, filter: NextFilter): boolean {
  return (
    filter.labels.every((label) => issue.labels.includes(label)) &&
    (filter.priorities.length === 0 || filter.priorities.includes(issue.priority)) &&
    (filter.expression === null || matches(filter.expression, issue, tx))
  );
}

function isFor(issue: Issue, assignee: string): boolean {
  return issue.assignee === null || issue.assignee === assignee;
}

function claimIn(tx: WriteTx, id: string, input: ClaimInput): Granted {
  const token =
    input.token === null ? randomBytes(16).toString('hex') : checkTokenForm(input.token);
  const issue = tx.mustHave(id);
  const facts = {
    issue,
    holding: tx.holding(id),
    record: tx.record(id),
    blockers: blockersOf(issue, tx),
    gate: tx.gate,
  };
  const change = decideClaim(facts, {
    assignee: input.assignee,
    tokenHash: hashToken(token),
    ttlSecs: input.ttlSecs,
    origin: tx.origin,
    now: tx.instant,
  });
  if (change === null) return { id, token, changed: false };
  refuseFull(tx, input);
  tx.put(change.issue);
  tx.putRecord(change.record);
  for (const draft of change.events) tx.emit(draft);
  return { id, token, changed: true };
}

/** Counts what is live now, so that the limit is exact for all who claim for this assignee. */
function refuseFull(tx: WriteTx, input: ClaimInput): void {
  if (input.maxHeld === null) return;
  const held = tx
    .liveRecords()
    .filter((record) => record.assignee === input.assignee && !isOver(record, tx.instant))
    .filter((record) => isHolding(tx, record));
  if (held.length < input.maxHeld) return;
  throw new JitError(
    'conflict',
    'ASSIGNEE_FULL',
    `${input.assignee} already holds ${held.length} claims`,
    {
      hint: 'Wait until one of them ends.',
      retryable: true,
      details: { assignee: input.assignee, held: held.length, max_held: input.maxHeld },
    },
  );
}
