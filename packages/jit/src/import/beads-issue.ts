import type { Priority } from '@jit/contract/vocabulary';
import type { Issue } from '../domain/issue.ts';
import { toSet } from '../domain/issue.ts';
import { splitAcceptance } from './acceptance.ts';
import type { BeadsRecord } from './beads-records.ts';
import { readDefer, readLabels, readPerson, readRest } from './beads-rest.ts';
import { mapPriority, mapStatus } from './beads-words.ts';
import type { FieldTaker } from './fields.ts';
import { isEmpty, oneLine, takeFields } from './fields.ts';
import type { Report } from './report.ts';
import { normaliseTime, parseTime } from './times.ts';

/** An issue without its edges, and the parts of the record that are mapped elsewhere. */
export interface BeadsIssue {
  readonly issue: Issue;
  readonly dependencies: readonly unknown[];
  readonly comments: readonly unknown[];
}

const KEPT_AS_THEY_ARE = [
  'id',
  'title',
  'description',
  'labels',
  'assignee',
  'created_by',
] as const;

/** Maps everything of a record but its edges and comments. */
export function mapBeadsIssue(record: BeadsRecord, createdAt: string, report: Report): BeadsIssue {
  const { id } = record;
  const take = takeFields(record.fields);
  take.any('id');
  take.any('_type');
  const metadata = new Map<string, unknown>();
  const labels = new Set<string>();
  for (const field of KEPT_AS_THEY_ARE) {
    if (!isEmpty(record.fields[field])) report.mapped('field', field, field);
  }
  noteCreation(take, metadata, report);
  const title = readTitle(id, take, report);
  const issue: Issue = {
    id,
    title,
    description: readDescription(id, take, report),
    acceptance_criteria: readAcceptance(id, take, report),
    state: readState(record, take, labels, metadata, report),
    priority: readPriority(id, take, metadata, report),
    assignee: readPerson(id, 'assignee', take, report),
    attempt: 0,
    claim: null,
    labels: [],
    dependencies: [],
    gates: {},
    defer_until: readDefer(id, take, report),
    documents: [],
    links: {},
    metadata: {},
    conflicts: [],
    created_at: createdAt,
    created_by: readPerson(id, 'created_by', take, report) ?? unknownCreator(id, report),
    extra: {},
  };
  readLabels(id, take, labels, report);
  const dependencies = take.list('dependencies');
  const comments = take.list('comments');
  readRest(id, take, labels, metadata, report);
  return {
    issue: { ...issue, labels: toSet([...labels]), metadata: Object.fromEntries(metadata) },
    dependencies,
    comments,
  };
}

function noteCreation(take: FieldTaker, metadata: Map<string, unknown>, report: Report): void {
  const original = take.any('created_at');
  const time = parseTime(original);
  if (isEmpty(original)) return;
  if (time?.below === '') {
    report.mapped('field', 'created_at', 'created_at in UTC');
    return;
  }
  metadata.set('beads.created_at', original);
  report.mapped(
    'field',
    'created_at',
    'created_at in milliseconds, all digits in metadata beads.created_at',
  );
}

function readTitle(id: string, take: FieldTaker, report: Report): string {
  const given = take.text('title');
  const title = oneLine(given);
  if (title === '') report.repaired('title', 'an empty title became "(no title)"', id);
  else if (title !== given) report.repaired('title', 'put on one line', id);
  return title === '' ? '(no title)' : title;
}

function readDescription(id: string, take: FieldTaker, report: Report): string {
  const parts = [take.text('description')];
  for (const [field, heading] of [
    ['design', 'Design'],
    ['notes', 'Notes'],
  ] as const) {
    const text = take.text(field);
    if (text.trim() === '') continue;
    parts.push(`## ${heading}\n\n${text}`);
    report.mapped('field', field, `section "${heading}" of description`, id);
  }
  return parts.filter((part) => part !== '').join('\n\n');
}

function readAcceptance(id: string, take: FieldTaker, report: Report): readonly string[] {
  const text = take.text('acceptance_criteria');
  if (text.trim() === '') return [];
  const { criteria, unescaped } = splitAcceptance(text);
  report.mapped(
    'field',
    'acceptance_criteria (text)',
    'acceptance_criteria (one per line or bullet)',
  );
  if (unescaped)
    report.repaired('acceptance_criteria', 'a written-out \\n read as a line break', id);
  return criteria;
}

function readState(
  record: BeadsRecord,
  take: FieldTaker,
  labels: Set<string>,
  metadata: Map<string, unknown>,
  report: Report,
): Issue['state'] {
  const status = take.text('status');
  const { state, label, note } = mapStatus(status, {
    closeReason: typeof record.fields.close_reason === 'string' ? record.fields.close_reason : '',
    closed: !isEmpty(record.fields.closed_at),
    deferred: normaliseTime(record.fields.defer_until) !== null,
  });
  if (label !== null) labels.add(oneLine(label));
  if (note === null) report.mapped('status', status, state);
  else {
    report.mapped('status', note.from, note.to, record.id);
    if (status !== '') metadata.set('beads.status', status);
  }
  return state;
}

function readPriority(
  id: string,
  take: FieldTaker,
  metadata: Map<string, unknown>,
  report: Report,
): Priority {
  const given = take.any('priority');
  const priority = mapPriority(given);
  if (given !== undefined && given !== null) metadata.set('beads.priority', given);
  if (priority !== null) report.mapped('priority', String(given), priority);
  else report.repaired('priority', 'missing or not 0 to 4: normal', id);
  return priority ?? 'normal';
}

function unknownCreator(id: string, report: Report): string {
  report.repaired('created_by', 'missing: beads', id);
  return 'beads';
}
