import { usageError } from '@jit/contract/errors';
import { lostClaim } from '../domain/claims.ts';
import type { WriterClaim } from '../domain/fencing.ts';
import { checkOwner, checkToken } from '../domain/fencing.ts';
import type { ClaimRecord } from '../domain/holding.ts';
import { sha256 } from '../platform/crypto.ts';
import type { ReadTx, WriteTx } from '../store/store.ts';
import { restoreUndone } from './undone-claims.ts';

/** The claim a writer brings, and a person's word to write over somebody else's. */
export interface Writer {
  /** The claim token, or null. */
  readonly token: string | null;
  /** Reason of `--override-claim`, or null. */
  readonly override: string | null;
}

/** The hash under which a token is stored. */
export function hashToken(token: string): string {
  return sha256(token).toString('hex');
}

const TOKEN = /^[A-Za-z0-9_-]{22,256}$/;

/** Returns the token if it can be one: at least 128 bits in a URL-safe alphabet. */
export function checkTokenForm(token: string): string {
  if (TOKEN.test(token)) return token;
  throw usageError('a claim token has 22 to 256 letters, digits, "-" or "_"', {
    hint: 'Take the token that the claim printed, or bring one of at least 128 random bits.',
  });
}

function writerClaim(writer: Writer): WriterClaim {
  const tokenHash = writer.token === null ? null : hashToken(checkTokenForm(writer.token));
  return { tokenHash, override: writer.override !== null };
}

/** Refuses a token that is not current. Errors: LOST_CLAIM (7). */
export function refuseStale(tx: ReadTx, id: string, writer: Writer): void {
  if (writer.token === null) return;
  const permission = checkToken(id, tx.holding(id), tx.record(id), writerClaim(writer));
  if (permission.kind === 'last-holder') throw lostClaim(id, 'the claim of this token has ended');
}

/** Fences a change that needs no claim, such as labels or gate results: only a stale token stops it. */
export function fenceToken(tx: WriteTx, id: string, writer: Writer): void {
  if (writer.token === null) return;
  refuseStale(tx, id, writer);
  restoreUndone(tx, id);
}

/** How a writer who may change state, assignee or claim stands to the claim. */
export interface Ownership {
  /** The writer's claim ended by its own doing: what already holds is no error. */
  readonly lastHolder: boolean;
  /** Somebody's claim has just been ended by a person's word. */
  readonly overridden: boolean;
}

/** Fences a change of state, assignee or claim. An override ends the claim and is noted. */
export function fenceOwner(tx: WriteTx, id: string, writer: Writer): Ownership {
  const holding = tx.holding(id);
  const permission = checkOwner(id, holding, tx.record(id), writerClaim(writer));
  if (permission.kind === 'last-holder') return { lastHolder: true, overridden: false };
  if (holding.kind === 'held') restoreUndone(tx, id);
  if (permission.overrides === null) return { lastHolder: false, overridden: false };
  const { assignee, attempt } = permission.overrides;
  tx.emit({ type: 'claim_overridden', issue: id, attempt, assignee, reason: writer.override });
  endRecord(tx, id, 'overridden');
  return { lastHolder: false, overridden: true };
}

/** Ends the store's record of an issue's claim, if there is a live one. */
export function endRecord(tx: WriteTx, id: string, reason: string): void {
  const record: ClaimRecord | undefined = tx.record(id);
  if (record === undefined || record.ended !== null) return;
  tx.putRecord({ ...record, ended: { at: new Date(tx.now).toISOString(), reason } });
}
