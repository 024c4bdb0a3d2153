import type { Issue } from '../domain/issue.ts';
import { toSet } from '../domain/issue.ts';
import { mapBeadsComments } from './beads-comments.ts';
import { mapBeadsEdges } from './beads-edges.ts';
import { mapBeadsIssue } from './beads-issue.ts';
import { type BeadsRecord, readBeadsRecords } from './beads-records.ts';
import { refuseCaseClash, refuseCycles } from './check-plan.ts';
import { inheritBlockers } from './inherited-blockers.ts';
import { noteReservation } from './note-reservation.ts';
import { newReport, type Report } from './report.ts';
import type { EdgeCount, ImportPlan, PlannedComment, PlanOptions } from './source.ts';
import { cutInOrder, parseTime } from './times.ts';

/**
 * Plans the import of a beads JSONL file (`bd` or `br`). Errors, exit 4, nothing imported:
 * SOURCE_UNREADABLE (names every bad line), ID_CASE_CLASH, CYCLE (with the path).
 */
export function planBeadsImport(
  text: string,
  options: PlanOptions & { readonly path?: string },
): ImportPlan {
  const report = newReport();
  const path = options.path ?? 'issues.jsonl';
  const { read, records } = readBeadsRecords(text, path, options.keepTombstones ?? false, report);
  const known = new Set(records.map((record) => record.id));
  refuseCaseClash(known);
  const created = createdTimes(records, options.now, report);
  const mapped = new Map<string, Issue>();
  const parents = new Map<string, readonly string[]>();
  const edges = new Map<string, EdgeCount>();
  const comments: PlannedComment[] = [];
  for (const record of records) {
    const { id } = record;
    const createdAt = created.get(id) ?? options.now;
    const { issue, ...more } = mapBeadsIssue(record, createdAt, report);
    const found = mapBeadsEdges(id, more.dependencies, (target) => known.has(target), report);
    mapped.set(id, withEdges(issue, found));
    noteReservation(issue, report);
    parents.set(id, found.parents);
    edges.set(id, found.count);
    comments.push(...mapBeadsComments(id, more.comments, createdAt, report));
  }
  refuseCycles(mapped);
  return {
    source: 'beads',
    read: { ...read, gates: 0, events: 0 },
    issues: [...inheritBlockers(mapped, parents, report).values()],
    gates: [],
    comments,
    edges,
    report: report.parts(),
  };
}

function withEdges(issue: Issue, found: ReturnType<typeof mapBeadsEdges>): Issue {
  const { dependencies, links, kept } = found;
  const metadata = kept.length === 0 ? {} : { 'beads.dependencies': kept };
  return {
    ...issue,
    dependencies: toSet(dependencies),
    links,
    metadata: { ...issue.metadata, ...metadata },
  };
}

const TIME_FIELDS = ['created_at', 'started_at', 'updated_at', 'closed_at'] as const;

function createdTimes(
  records: readonly BeadsRecord[],
  now: string,
  report: Report,
): ReadonlyMap<string, string> {
  const entries = records.flatMap(({ id, fields }) => {
    const field = TIME_FIELDS.find((name) => parseTime(fields[name]) !== null);
    if (field !== 'created_at') {
      report.repaired('created_at', `missing or no time: ${field ?? 'the time of the import'}`, id);
    }
    const time = parseTime(field === undefined ? now : fields[field]);
    return time === null ? [] : [{ key: id, time }];
  });
  const { times, moved } = cutInOrder(entries);
  for (const id of moved) {
    report.repaired(
      'created_at',
      'put 1 ms after an issue of the same millisecond, to keep the order',
      id,
    );
  }
  return times;
}
