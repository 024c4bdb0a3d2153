import type { Priority, StoredState } from '@jit/contract/vocabulary';
import type { Issue } from '../domain/issue.ts';
import { isPriority, toSet } from '../domain/issue.ts';
import { type FieldTaker, isEmpty, isFields, oneLine, takeFields, withoutMail } from './fields.ts';
import type { EventSpan } from './just-in-time-events.ts';
import type { JustInTimeRecord } from './just-in-time-files.ts';
import { mapIssueGates } from './just-in-time-issue-gates.ts';
import type { Report } from './report.ts';
import { formatTime, parseTime } from './times.ts';

const STATES: Readonly<Record<string, StoredState>> = {
  open: 'open',
  backlog: 'open',
  ready: 'open',
  in_progress: 'in_progress',
  gated: 'gated',
  done: 'done',
  rejected: 'rejected',
  archived: 'archived',
};

const KEPT_AS_THEY_ARE = ['id', 'title', 'description', 'labels', 'assignee'] as const;

/** An issue without its dependencies, and those as they stand in the source. */
export interface JustInTimeIssue {
  readonly issue: Issue;
  readonly dependencies: readonly unknown[];
}

/** Maps everything of an issue file but its dependencies. */
export function mapJustInTimeIssue(
  record: JustInTimeRecord,
  createdAt: string,
  span: EventSpan | undefined,
  report: Report,
): JustInTimeIssue {
  const { id, fields } = record;
  const take = takeFields(fields);
  const metadata = new Map<string, unknown>();
  const labels = new Set<string>();
  take.any('id');
  for (const field of KEPT_AS_THEY_ARE) {
    if (!isEmpty(fields[field])) report.mapped('field', field, field);
  }
  report.mapped('field', '(created_by is not in the source)', 'created_by just-in-time');
  readTimes(id, take, span, metadata, report);
  const found = mapIssueGates(id, take.list('gates_required'), take.fields('gates_status'), report);
  if (!isEmpty(found.other)) metadata.set('just-in-time.other_gates', found.other);
  const issue: Issue = {
    id,
    title: readTitle(id, take, report),
    description: take.text('description'),
    acceptance_criteria: [],
    state: readState(id, take, labels, metadata, report),
    priority: readPriority(id, take, report),
    assignee: readAssignee(id, take, report),
    attempt: 0,
    claim: null,
    labels: [],
    dependencies: [],
    gates: found.gates,
    defer_until: null,
    documents: readDocuments(id, take, metadata, report),
    links: {},
    metadata: {},
    conflicts: [],
    created_at: createdAt,
    created_by: 'just-in-time',
    extra: {},
  };
  for (const label of take.list('labels')) {
    const text = typeof label === 'string' ? oneLine(label) : '';
    if (text === '') report.skipped('label', 'it is empty or no text', id);
    else labels.add(text);
  }
  const dependencies = take.list('dependencies');
  for (const [field, value] of take.rest()) {
    if (isEmpty(value)) {
      report.skipped('field without a value', 'there is nothing in it', field);
      continue;
    }
    metadata.set(`just-in-time.${field}`, value);
    report.mapped('field', field, `metadata just-in-time.${field}`);
  }
  return {
    issue: { ...issue, labels: toSet([...labels]), metadata: Object.fromEntries(metadata) },
    dependencies,
  };
}

function readTimes(
  id: string,
  take: FieldTaker,
  span: EventSpan | undefined,
  metadata: Map<string, unknown>,
  report: Report,
): void {
  const created = take.any('created_at');
  const createdTime = parseTime(created);
  if (!isEmpty(created) && createdTime?.below !== '') {
    metadata.set('just-in-time.created_at', created);
    const to = 'created_at in milliseconds, all digits in metadata just-in-time.created_at';
    report.mapped('field', 'created_at', to);
  }
  if (createdTime?.below === '') report.mapped('field', 'created_at', 'created_at in UTC');
  const updated = take.any('updated_at');
  if (!isEmpty(updated)) {
    metadata.set('just-in-time.updated_at', updated);
    report.mapped('field', 'updated_at', 'metadata just-in-time.updated_at');
  } else if (span !== undefined) {
    metadata.set('just-in-time.updated_at', formatTime(span.last.ms));
    report.repaired('updated_at', 'missing: the time of the last event', id);
  }
}

function readTitle(id: string, take: FieldTaker, report: Report): string {
  const given = take.text('title');
  const title = oneLine(given);
  if (title === '') report.repaired('title', 'an empty title became "(no title)"', id);
  else if (title !== given) report.repaired('title', 'put on one line', id);
  return title === '' ? '(no title)' : title;
}

function readState(
  id: string,
  take: FieldTaker,
  labels: Set<string>,
  metadata: Map<string, unknown>,
  report: Report,
): StoredState {
  const given = take.text('state');
  const state = Object.hasOwn(STATES, given) ? STATES[given] : undefined;
  if (state === undefined) {
    labels.add(`state:${oneLine(given === '' ? 'missing' : given)}`);
    report.repaired('state', `${given === '' ? 'missing' : given}: open with a label`, id);
    return 'open';
  }
  if (state === 'in_progress') {
    report.mapped('state', given, 'in_progress without a claim', id);
  } else report.mapped('state', given, state === 'open' ? 'open: readiness is computed' : state);
  if (state !== given) metadata.set('just-in-time.state', given);
  return state;
}

function readPriority(id: string, take: FieldTaker, report: Report): Priority {
  const given = take.text('priority');
  if (isPriority(given)) {
    report.mapped('priority', given, given);
    return given;
  }
  report.repaired('priority', `${given === '' ? 'missing' : given}: normal`, id);
  return 'normal';
}

function readAssignee(id: string, take: FieldTaker, report: Report): string | null {
  const given = take.text('assignee').trim();
  if (given === '') return null;
  const name = withoutMail(given);
  if (name !== given) report.repaired('mail address', 'left out of assignee', id);
  return oneLine(name);
}

function readDocuments(
  id: string,
  take: FieldTaker,
  metadata: Map<string, unknown>,
  report: Report,
): readonly string[] {
  const documents = take.list('documents');
  const paths = documents.flatMap((document) => {
    const path = isFields(document) ? document.path : document;
    return typeof path === 'string' && path !== '' ? [path] : [];
  });
  if (paths.length > 0) report.mapped('field', 'documents[].path', 'documents');
  if (paths.length < documents.length)
    report.repaired('document', 'without a path: only in metadata', id);
  const rich = documents.filter((document) => hasFacts(document));
  if (rich.length > 0) {
    metadata.set('just-in-time.documents', rich);
    report.mapped(
      'field',
      'documents[] with more than a path',
      'metadata just-in-time.documents',
      id,
    );
  }
  return toSet(paths);
}

function hasFacts(document: unknown): boolean {
  if (!isFields(document)) return typeof document !== 'string';
  if (typeof document.path !== 'string') return true;
  return Object.entries(document).some(([name, value]) => name !== 'path' && !isEmpty(value));
}
