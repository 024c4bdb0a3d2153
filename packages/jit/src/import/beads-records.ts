import { idProblem } from '@jit/contract/ids';
import { type Fields, isFields } from './fields.ts';
import { parseJsonLines, unreadableSource } from './json-lines.ts';
import type { Report } from './report.ts';
import type { ReadCounts } from './source.ts';
import { compareTimes, parseTime } from './times.ts';

/** An issue of the source: its id and everything it carries. */
export interface BeadsRecord {
  readonly id: string;
  readonly fields: Fields;
}

/** The issues that come over, and what was read to find them. */
export interface BeadsRecords {
  /** Everything the file holds, also what is left out. */
  readonly read: Pick<ReadCounts, 'issues' | 'dependencies' | 'comments'>;
  readonly records: readonly BeadsRecord[];
}

/**
 * Picks the issues out of a beads JSONL file. Lines that can't be read refuse the whole import, all
 * of them named; what is no issue, a tombstone or an older duplicate is left out and reported.
 */
export function readBeadsRecords(
  text: string,
  path: string,
  keepTombstones: boolean,
  report: Report,
): BeadsRecords {
  const { lines, bad } = parseJsonLines(text);
  const problems = [...bad];
  const newest = new Map<string, BeadsRecord>();
  const read = { issues: 0, dependencies: 0, comments: 0 };
  for (const { line, value } of lines) {
    const found = isFields(value) ? asRecord(value, line, report) : { problem: 'no JSON object' };
    if (found === null) continue;
    if ('problem' in found) {
      problems.push({ line, problem: found.problem });
      continue;
    }
    read.issues += 1;
    read.dependencies += lengthOf(found.fields.dependencies);
    read.comments += lengthOf(found.fields.comments);
    const other = newest.get(found.id);
    if (other !== undefined) {
      report.repaired('duplicate id', 'the line with the newest updated_at counts', found.id);
    }
    if (other === undefined || !isOlder(found, other)) newest.set(found.id, found);
  }
  if (problems.length > 0) {
    const inOrder = problems.toSorted((a, b) => a.line - b.line);
    throw unreadableSource(
      inOrder.map(({ line, problem }) => ({ where: `${path}:${line}`, problem })),
    );
  }
  const records = [...newest.values()].filter((record) =>
    comesOver(record, keepTombstones, report),
  );
  return { read, records };
}

function asRecord(
  fields: Fields,
  line: number,
  report: Report,
): BeadsRecord | { problem: string } | null {
  const kind = fields._type;
  if (kind === undefined && fields._schema !== undefined) {
    report.skipped('header line', 'it describes the file', `line ${line}`);
    return null;
  }
  if (kind !== undefined && kind !== 'issue') {
    const subject = typeof fields.key === 'string' ? fields.key : `line ${line}`;
    report.skipped(`${String(kind)} line`, 'it is no issue', subject);
    return null;
  }
  const { id } = fields;
  if (typeof id !== 'string' || id === '') return { problem: 'an issue without an id' };
  return { id, fields };
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

function isOlder(a: BeadsRecord, b: BeadsRecord): boolean {
  const [timeA, timeB] = [parseTime(a.fields.updated_at), parseTime(b.fields.updated_at)];
  if (timeB === null) return false;
  return timeA === null || compareTimes(timeA, timeB) < 0;
}

function comesOver(record: BeadsRecord, keepTombstones: boolean, report: Report): boolean {
  if (record.fields.status === 'tombstone' && !keepTombstones) {
    report.skipped('tombstone', 'the issue was deleted', record.id);
    return false;
  }
  const problem = idProblem(record.id);
  if (problem !== null) report.skipped('issue', `its id can't be used: ${problem}`, record.id);
  return problem === null;
}
