import { JitError } from '@jit/contract/errors';
import type { GateStatus, Priority, StoredState } from '@jit/contract/vocabulary';
import { PRIORITIES, STORED_STATES } from '@jit/contract/vocabulary';

/** The schema number this program writes and the newest one it understands. */
export const ISSUE_SCHEMA = 1;

/** The part of a claim that stands in the issue file; the lease's end stands in the store. */
export interface FileClaim {
  readonly since: string;
  /** Length of the lease in seconds; null: the claim has no lease. */
  readonly ttl_secs: number | null;
  readonly token_hash: string;
  /** Hash of the machine and path of the `.jit` that gave the claim. */
  readonly origin: string;
}

/** A gate as it stands on an issue. */
export interface IssueGate {
  readonly status: GateStatus;
  readonly by?: string;
  readonly at?: string;
  readonly note?: string;
  readonly commit?: string;
  readonly run?: string;
}

/** A value that lost against another one in a merge; the next write turns it into an event. */
export interface MergeConflict {
  readonly field: string;
  readonly kept: unknown;
  readonly other: unknown;
}

/** An issue with the names and the meaning of its file. Values are never changed in place. */
export interface Issue {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly acceptance_criteria: readonly string[];
  readonly state: StoredState;
  readonly priority: Priority;
  readonly assignee: string | null;
  readonly attempt: number;
  readonly claim: FileClaim | null;
  readonly labels: readonly string[];
  readonly dependencies: readonly string[];
  readonly gates: Readonly<Record<string, IssueGate>>;
  readonly defer_until: string | null;
  readonly documents: readonly string[];
  readonly links: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly conflicts: readonly MergeConflict[];
  readonly created_at: string;
  readonly created_by: string;
  /** Keys of the file that this program does not know: they survive a rewrite. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** What a new issue can be given. */
export interface NewIssue {
  readonly id: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly acceptance_criteria?: readonly string[] | undefined;
  readonly priority?: Priority | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly dependencies?: readonly string[] | undefined;
  readonly gates?: readonly string[] | undefined;
  readonly defer_until?: string | null | undefined;
  readonly documents?: readonly string[] | undefined;
  readonly links?: Readonly<Record<string, string>> | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly created_at: string;
  readonly created_by: string;
}

/** Makes a new open issue. Errors: INVALID_FIELD if a value can't stand in an issue. */
export function newIssue(input: NewIssue): Issue {
  return checkIssue({
    id: input.id,
    title: input.title,
    description: input.description ?? '',
    acceptance_criteria: input.acceptance_criteria ?? [],
    state: 'open',
    priority: input.priority ?? 'normal',
    assignee: null,
    attempt: 0,
    claim: null,
    labels: toSet(input.labels ?? []),
    dependencies: toSet(input.dependencies ?? []),
    gates: Object.fromEntries(toSet(input.gates ?? []).map((key) => [key, { status: 'pending' }])),
    defer_until: input.defer_until ?? null,
    documents: toSet(input.documents ?? []),
    links: input.links ?? {},
    metadata: input.metadata ?? {},
    conflicts: [],
    created_at: input.created_at,
    created_by: input.created_by,
    extra: {},
  });
}

/** Sorts by code unit and removes what stands twice, so that equal sets are equal text. */
export function toSet(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort(byCodeUnit);
}

/** The one order of ids, labels and keys: by code unit, the same on every machine. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** True while work on the issue is still to be done. */
export function isUnfinished(issue: Issue): boolean {
  return isUnfinishedState(issue.state);
}

/** True for the stored states in which work is still to be done. */
export function isUnfinishedState(state: StoredState): boolean {
  return state === 'open' || state === 'in_progress' || state === 'gated';
}

/** Returns the issue if its texts are fit to be stored; throws INVALID_FIELD otherwise. */
export function checkIssue(issue: Issue): Issue {
  if (issue.title.trim() === '') throw invalidField('title', 'it is empty');
  if (/[\r\n]/.test(issue.title)) throw invalidField('title', 'it has more than one line');
  if (issue.assignee?.trim() === '') throw invalidField('assignee', 'it is empty');
  for (const label of issue.labels) {
    if (label.trim() === '') throw invalidField('label', 'it is empty');
    if (/[\r\n]/.test(label)) throw invalidField('label', 'it has more than one line');
  }
  for (const criterion of issue.acceptance_criteria) {
    if (criterion.trim() === '') throw invalidField('acceptance criterion', 'it is empty');
  }
  if (issue.dependencies.includes(issue.id)) {
    throw new JitError('invalid', 'CYCLE', `${issue.id} can't depend on itself`, {
      details: { path: [issue.id, issue.id] },
    });
  }
  return issue;
}

function invalidField(field: string, why: string): JitError {
  return new JitError('usage', 'INVALID_FIELD', `the ${field} can't be used: ${why}`, {
    details: { field },
  });
}

/** True if the text names a stored state. */
export function isStoredState(text: unknown): text is StoredState {
  return STORED_STATES.includes(text as StoredState); // includes() asks for the narrow type
}

/** True if the text names a priority. */
export function isPriority(text: unknown): text is Priority {
  return PRIORITIES.includes(text as Priority); // includes() asks for the narrow type
}
