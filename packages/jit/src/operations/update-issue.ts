import type { Priority } from '@jit/contract/vocabulary';
import type { Issue } from '../domain/issue.ts';
import { toSet } from '../domain/issue.ts';
import { sameValue } from '../domain/merge-values.ts';
import type { WriteTx } from '../store/store.ts';
import { addGates } from './gate-definitions.ts';
import type { Changed } from './transitions.ts';
import type { Writer } from './writer.ts';
import { fenceToken } from './writer.ts';

/** New values of fields; what is undefined stays. */
export interface UpdateInput {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly priority?: Priority | undefined;
  /** Replaces the whole list. */
  readonly acceptance_criteria?: readonly string[] | undefined;
  /** RFC 3339; null clears it. */
  readonly defer_until?: string | null | undefined;
  readonly addLabels: readonly string[];
  readonly removeLabels: readonly string[];
  readonly documents: readonly string[];
  readonly links: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly gates: readonly string[];
  readonly defineGates: boolean;
}

/** Changes fields of an issue; each changed field is noted with old and new value. Errors: LOST_CLAIM (7). */
export function updateIssue(tx: WriteTx, ref: string, writer: Writer, input: UpdateInput): Changed {
  const id = tx.resolve(ref);
  const before = tx.mustHave(id);
  fenceToken(tx, id, writer);
  const after: Issue = {
    ...before,
    title: input.title ?? before.title,
    description: input.description ?? before.description,
    priority: input.priority ?? before.priority,
    acceptance_criteria: input.acceptance_criteria ?? before.acceptance_criteria,
    defer_until: input.defer_until === undefined ? before.defer_until : input.defer_until,
    labels: toSet(
      [...before.labels, ...input.addLabels].filter((label) => !input.removeLabels.includes(label)),
    ),
    documents: toSet([...before.documents, ...input.documents]),
    links: { ...before.links, ...input.links },
    metadata: { ...before.metadata, ...input.metadata },
  };
  const changes = differences(before, after);
  const changed = Object.keys(changes).length > 0;
  if (changed) {
    tx.put(after);
    tx.emit({ type: 'issue_updated', issue: id, changes });
  }
  const gates = addGates(tx, id, input.gates, input.defineGates);
  return { id, changed: changed || gates };
}

const FIELDS = [
  'title',
  'description',
  'priority',
  'acceptance_criteria',
  'defer_until',
  'labels',
  'documents',
  'links',
  'metadata',
] as const;

function differences(before: Issue, after: Issue): Record<string, { from: unknown; to: unknown }> {
  const changed = FIELDS.filter((field) => !sameValue(before[field], after[field]));
  return Object.fromEntries(
    changed.map((field) => [field, { from: before[field], to: after[field] }]),
  );
}

/** Adds a comment; comments live in the event log. Returns the event's id. */
export function commentIssue(
  tx: WriteTx,
  ref: string,
  writer: Writer,
  text: string,
): { id: string; comment: string } {
  const id = tx.resolve(ref);
  tx.mustHave(id);
  fenceToken(tx, id, writer);
  return { id, comment: tx.emit({ type: 'comment_added', issue: id, text }).id };
}
