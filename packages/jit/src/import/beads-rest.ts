import { normaliseType } from './beads-words.ts';
import type { FieldTaker } from './fields.ts';
import { isEmpty, oneLine, withoutMail } from './fields.ts';
import type { Report } from './report.ts';
import { normaliseTime } from './times.ts';

/** Fields that say nothing when they are zero or false: beads writes them into every line. */
const ZERO_SAYS_NOTHING = new Set([
  'compaction_level',
  'original_size',
  'estimated_minutes',
  'ephemeral',
  'wisp',
  'no_history',
  'pinned',
  'is_template',
  'crystallizes',
  'timeout',
]);

const FLAG_LABELS: Readonly<Record<string, string>> = {
  pinned: 'pinned',
  is_template: 'template',
  ephemeral: 'ephemeral',
  wisp: 'ephemeral',
};

const PEOPLE_IN_METADATA = new Set(['sender', 'deleted_by', 'actor', 'closed_by_session']);

/** A name without a mail address, or null where there is none. */
export function readPerson(
  id: string,
  field: string,
  take: FieldTaker,
  report: Report,
): string | null {
  const given = take.text(field).trim();
  if (given === '') return null;
  const name = withoutMail(given);
  if (name !== given) report.repaired('mail address', `left out of ${field}`, id);
  return oneLine(name);
}

/** `defer_until` in our form, or null. */
export function readDefer(id: string, take: FieldTaker, report: Report): string | null {
  const given = take.any('defer_until');
  if (isEmpty(given)) return null;
  const time = normaliseTime(given);
  if (time === null) report.skipped('defer_until', 'it is no time', id);
  else report.mapped('field', 'defer_until', 'defer_until', id);
  return time;
}

/** Adds the labels and the type as a label. */
export function readLabels(
  id: string,
  take: FieldTaker,
  labels: Set<string>,
  report: Report,
): void {
  for (const label of take.list('labels')) {
    const text = typeof label === 'string' ? oneLine(label) : '';
    if (text === '') report.skipped('label', 'it is empty or no text', id);
    else labels.add(text);
  }
  const given = take.text('issue_type');
  const type = given.trim() === '' ? 'task' : normaliseType(given);
  if (given.trim() === '') report.repaired('issue_type', 'missing: task', id);
  else report.mapped('issue_type', given, `label type:${type}`);
  labels.add(`type:${oneLine(type)}`);
}

/** Keeps every field that nothing else took as metadata, and reports what holds nothing. */
export function readRest(
  id: string,
  take: FieldTaker,
  labels: Set<string>,
  metadata: Map<string, unknown>,
  report: Report,
): void {
  for (const [field, value] of take.rest()) {
    const label = Object.hasOwn(FLAG_LABELS, field) ? FLAG_LABELS[field] : undefined;
    const says =
      !isEmpty(value) && !(ZERO_SAYS_NOTHING.has(field) && (value === 0 || value === false));
    if (!says) report.skipped('field without a value', 'there is nothing in it', field);
    else if (field === 'owner') report.skipped('field', 'a mail address is not copied', field);
    else if (label !== undefined && value === true) {
      labels.add(label);
      report.mapped('field', field, `label ${label}`, id);
    } else {
      metadata.set(`beads.${field}`, personless(id, field, value, report));
      report.mapped('field', field, `metadata beads.${field}`);
    }
  }
}

function personless(id: string, field: string, value: unknown, report: Report): unknown {
  if (typeof value !== 'string' || !PEOPLE_IN_METADATA.has(field)) return value;
  const name = withoutMail(value);
  if (name !== value) report.repaired('mail address', `left out of ${field}`, id);
  return name;
}
