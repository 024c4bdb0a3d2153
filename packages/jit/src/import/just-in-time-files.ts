import { JitError } from '@jit/contract/errors';
import { idProblem } from '@jit/contract/ids';
import { type Fields, isFields } from './fields.ts';
import { parseJsonFile, unreadableSource } from './json-lines.ts';
import type { Report } from './report.ts';
import type { SourceFile } from './source.ts';
import { compareTimes, parseTime } from './times.ts';

/** An issue file of just-in-time. */
export interface JustInTimeRecord {
  readonly id: string;
  readonly fields: Fields;
}

/** The files of just-in-time, read but not mapped. */
export interface JustInTimeFiles {
  /** Number of issue files. */
  readonly read: number;
  readonly records: readonly JustInTimeRecord[];
  readonly gates: ReadonlyMap<string, Fields>;
  readonly dependencies: number;
  readonly events: string | null;
}

type Problems = { where: string; problem: string }[];

/**
 * Reads the files. `index.json` is not authoritative: the issues are the files of `issues/`, without
 * deleted ids. A file that can't be read refuses the import, all of them named: exit 4.
 */
export function readJustInTimeFiles(files: readonly SourceFile[], report: Report): JustInTimeFiles {
  const problems: Problems = [];
  const records: JustInTimeRecord[] = [];
  let index: Fields = {};
  let gates: Fields = {};
  let events: string | null = null;
  for (const { path, text } of files) {
    if (path === 'events.jsonl') events = text;
    else if (path === 'index.json') index = readFields(path, text, problems);
    else if (path === 'gates.json') gates = readFields(path, text, problems);
    else if (isIssuePath(path)) records.push(...readIssue(path, text, problems, report));
    else reportOther(path, report);
  }
  const definitions = readDefinitions(gates, problems);
  if (problems.length > 0) throw unreadableSource(problems);
  return {
    read: records.length,
    records: pickRecords(records, index, report),
    gates: definitions,
    dependencies: records.reduce((sum, { fields }) => sum + lengthOf(fields.dependencies), 0),
    events,
  };
}

/** True for the path of an issue file: no lock, no file of a write under way. */
export function isIssuePath(path: string): boolean {
  return /^issues\/[^./][^/]*\.json$/.test(path);
}

function reportOther(path: string, report: Report): void {
  if (/(^|\/)\.|\.(lock|tmp)$|\.tmp[.-]|~$/.test(path)) {
    report.skipped('file', 'a lock or a temporary file', path);
  } else if (path.endsWith('claims.jsonl')) {
    report.skipped('file', 'claims of another tracker are never taken over', path);
  } else if (path.startsWith('gate-runs')) {
    report.skipped('file', 'evidence of gate runs is not taken over', 'gate-runs');
  } else report.skipped('file', 'it has no counterpart here', path);
}

function readFields(path: string, text: string | null, problems: Problems): Fields {
  const read = parseJsonFile(text ?? '');
  const problem = 'problem' in read ? read.problem : 'no JSON object';
  if ('value' in read && isFields(read.value)) return read.value;
  problems.push({ where: path, problem });
  return {};
}

function readIssue(
  path: string,
  text: string | null,
  problems: Problems,
  report: Report,
): readonly JustInTimeRecord[] {
  const before = problems.length;
  const fields = readFields(path, text, problems);
  if (problems.length > before) return [];
  const { id } = fields;
  if (typeof id !== 'string' || id === '') {
    problems.push({ where: path, problem: 'an issue without an id' });
    return [];
  }
  if ('schema' in fields && 'gates' in fields) throw notJustInTime(path);
  if (path !== `issues/${id}.json`) {
    report.repaired('file name', 'the id in the file counts, not its name', path);
  }
  return [{ id, fields }];
}

function notJustInTime(path: string): JitError {
  return new JitError(
    'invalid',
    'WRONG_SOURCE',
    `${path} is an issue of jit, not of just-in-time`,
    {
      hint: 'This is a folder of jit itself: --dir works on it as it is.',
      details: { path },
    },
  );
}

function readDefinitions(gates: Fields, problems: Problems): ReadonlyMap<string, Fields> {
  const definitions = new Map<string, Fields>();
  for (const [key, value] of isFields(gates.gates) ? Object.entries(gates.gates) : []) {
    const problem = idProblem(key) ?? (isFields(value) ? null : 'its definition is no object');
    if (problem !== null) problems.push({ where: `gates.json: gate "${key}"`, problem });
    else if (isFields(value)) definitions.set(key, value);
  }
  return definitions;
}

function pickRecords(
  records: readonly JustInTimeRecord[],
  index: Fields,
  report: Report,
): readonly JustInTimeRecord[] {
  const deleted = new Set(Array.isArray(index.deleted_ids) ? index.deleted_ids : []);
  const newest = new Map<string, JustInTimeRecord>();
  for (const record of records) {
    const problem = idProblem(record.id);
    const other = newest.get(record.id);
    if (deleted.has(record.id))
      report.skipped('deleted issue', 'index.json lists it as deleted', record.id);
    else if (problem !== null)
      report.skipped('issue', `its id can't be used: ${problem}`, record.id);
    else if (other === undefined || !isOlder(record, other)) newest.set(record.id, record);
    if (other !== undefined)
      report.repaired('duplicate id', 'the file with the newest updated_at counts', record.id);
  }
  const found = new Set(records.map(({ id }) => id));
  for (const id of Array.isArray(index.all_ids) ? index.all_ids : []) {
    if (!found.has(id))
      report.skipped('issue', 'index.json lists it, but it has no file', String(id));
  }
  return [...newest.values()];
}

function isOlder(a: JustInTimeRecord, b: JustInTimeRecord): boolean {
  const [timeA, timeB] = [parseTime(a.fields.updated_at), parseTime(b.fields.updated_at)];
  if (timeB === null) return false;
  return timeA === null || compareTimes(timeA, timeB) < 0;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
