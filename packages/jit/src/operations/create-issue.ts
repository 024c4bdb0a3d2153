import { JitError } from '@jit/contract/errors';
import { lostClaim } from '../domain/claims.ts';
import { illegalMove } from '../domain/errors.ts';
import { claimHeld } from '../domain/fencing.ts';
import type { NewIssue } from '../domain/issue.ts';
import { newIssue } from '../domain/issue.ts';
import type { WriteTx } from '../store/store.ts';
import { requireGates } from './gate-definitions.ts';
import { advanceGated, holderOf } from './transitions.ts';
import type { Writer } from './writer.ts';
import { endRecord, fenceOwner } from './writer.ts';

/** What `issue create` is given; dependencies may be prefixes of ids. */
export type CreateInput = Omit<NewIssue, 'id' | 'created_at' | 'created_by'> & {
  /** Define gates that are not there yet. */
  readonly defineGates: boolean;
};

/** Makes an issue. It is ready at once unless a dependency, an entry gate or a time holds it back. Returns its id. */
export function createIssue(tx: WriteTx, input: CreateInput): string {
  const { defineGates, ...fields } = input;
  const dependencies = (fields.dependencies ?? []).map((ref) => tx.resolve(ref));
  for (const id of dependencies) {
    if (tx.mustHave(id).state === 'archived')
      throw illegalMove(id, 'archived', 'become a dependency');
  }
  requireGates(tx, fields.gates ?? [], defineGates);
  const issue = newIssue({
    ...fields,
    dependencies,
    id: tx.newId(),
    created_at: new Date(tx.now).toISOString(),
    created_by: tx.actor,
  });
  tx.put(issue);
  tx.emit({ type: 'issue_created', issue: issue.id, title: issue.title, priority: issue.priority });
  return issue.id;
}

/**
 * Removes an issue and ends its claim. Refused while others depend on it unless their edges go with it.
 * Returns the ids that depended on it. Errors: HAS_DEPENDENTS (4), CLAIM_HELD (6), LOST_CLAIM (7).
 */
export function deleteIssue(
  tx: WriteTx,
  ref: string,
  writer: Writer,
  detach: boolean,
): readonly string[] {
  const id = tx.resolve(ref);
  const deleted = tx.mustHave(id);
  const { lastHolder } = fenceOwner(tx, id, writer);
  if (lastHolder) throw lostClaim(id, 'the claim of this token has ended');
  const holding = tx.holding(id);
  // Anyone may end a claim without a lease; taking the work itself away is more.
  if (holding.kind === 'held' && writer.token === null && writer.override === null)
    throw claimHeld(id, holding);
  const dependents = tx.dependents(id);
  if (dependents.length > 0 && !detach) {
    throw new JitError(
      'blocked',
      'HAS_DEPENDENTS',
      `${id} can't be deleted: ${dependents.length === 1 ? 'one issue depends' : `${dependents.length} issues depend`} on it`,
      {
        hint: `Look at them first: jit rdeps ${tx.shortId(id)}`,
        details: { issue: id, dependents },
      },
    );
  }
  for (const dependent of dependents) {
    const issue = tx.mustHave(dependent);
    tx.put({ ...issue, dependencies: issue.dependencies.filter((other) => other !== id) });
    tx.emit({
      type: 'dependency_removed',
      issue: dependent,
      depends_on: id,
      cause: 'issue_deleted',
    });
  }
  tx.delete(id);
  tx.emit({ type: 'issue_deleted', issue: id, title: deleted.title, ...holderOf(deleted) });
  endRecord(tx, id, 'deleted');
  for (const dependent of dependents) advanceGated(tx, dependent, 'issue_deleted');
  return dependents;
}
