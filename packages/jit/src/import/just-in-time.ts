import { idProblem } from '@jit/contract/ids';
import type { Gate } from '../domain/gate.ts';
import type { Issue } from '../domain/issue.ts';
import { toSet } from '../domain/issue.ts';
import { refuseCaseClash, refuseCycles } from './check-plan.ts';
import { unreadableSource } from './json-lines.ts';
import { type EventSpan, readEvents } from './just-in-time-events.ts';
import { type JustInTimeRecord, readJustInTimeFiles } from './just-in-time-files.ts';
import { mapGateDefinition, undefinedGate } from './just-in-time-gates.ts';
import { mapJustInTimeIssue } from './just-in-time-issue.ts';
import { settleGates } from './just-in-time-settle.ts';
import { Links } from './links.ts';
import { noteReservation } from './note-reservation.ts';
import { newReport, type Report } from './report.ts';
import type { EdgeCount, ImportPlan, PlanOptions, SourceFile } from './source.ts';
import { cutInOrder, type ExactTime, parseTime } from './times.ts';

/**
 * Plans the import of a just-in-time folder, given as its files. Errors, exit 4, nothing imported:
 * SOURCE_UNREADABLE (names every bad file), ID_CASE_CLASH, CYCLE (with the path).
 */
export function planJustInTimeImport(
  files: readonly SourceFile[],
  options: PlanOptions,
): ImportPlan {
  const report = newReport();
  const source = readJustInTimeFiles(files, report);
  const known = new Set(source.records.map((record) => record.id));
  refuseCaseClash(known);
  const gates = readGates(source.gates, source.records, report);
  refuseCaseClash(gates.keys());
  const events = readEvents(source.events, (id) => known.has(id), report);
  const created = createdTimes(source.records, events.spans, options.now, report);
  const mapped = new Map<string, Issue>();
  const edges = new Map<string, EdgeCount>();
  for (const record of source.records) {
    const { id } = record;
    const createdAt = created.get(id) ?? options.now;
    const found = mapJustInTimeIssue(record, createdAt, events.spans.get(id), report);
    const { count, ...more } = mapEdges(id, found.dependencies, known, report);
    mapped.set(id, { ...found.issue, ...more });
    noteReservation(found.issue, report);
    edges.set(id, count);
  }
  refuseCycles(mapped);
  return {
    source: 'just-in-time',
    read: {
      issues: source.read,
      gates: source.gates.size,
      dependencies: source.dependencies,
      comments: 0,
      events: events.read,
    },
    issues: [...settleGates(mapped, gates, report).values()],
    gates: [...gates.values()],
    comments: [],
    edges,
    report: report.parts(),
  };
}

function readGates(
  definitions: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
  records: readonly JustInTimeRecord[],
  report: Report,
): ReadonlyMap<string, Gate> {
  const gates = new Map<string, Gate>();
  for (const [key, value] of definitions) gates.set(key, mapGateDefinition(key, value, report));
  const problems: { where: string; problem: string }[] = [];
  for (const { id, fields } of records) {
    for (const key of Array.isArray(fields.gates_required) ? fields.gates_required : []) {
      const problem = typeof key === 'string' ? idProblem(key) : 'it is no text';
      if (problem !== null) problems.push({ where: `issues/${id}.json: gate "${key}"`, problem });
      else if (!gates.has(key)) {
        gates.set(key, undefinedGate(key));
        report.repaired(
          'gate',
          'issues require it, but nothing defines it: defined as manual',
          key,
        );
      }
    }
  }
  if (problems.length > 0) throw unreadableSource(problems);
  return gates;
}

function mapEdges(
  id: string,
  dependencies: readonly unknown[],
  known: ReadonlySet<string>,
  report: Report,
): Pick<Issue, 'dependencies' | 'links'> & { count: EdgeCount } {
  const kept: string[] = [];
  const links = new Links();
  let linked = 0;
  for (const target of dependencies) {
    if (typeof target !== 'string' || target === '') {
      report.skipped('dependency', 'it names no issue', id);
    } else if (target === id) {
      report.skipped('dependency', 'the issue would wait for itself', id);
    } else if (known.has(target)) {
      report.mapped('field', 'dependencies', 'dependencies');
      kept.push(target);
    } else {
      links.add('depends-on', target);
      linked += 1;
      const why = 'its target does not come over: kept as link depends-on; nothing waits for it';
      report.skipped('dependency', why, `${id} → ${target}`);
    }
  }
  const count = { imported: kept.length, linked };
  return { dependencies: toSet(kept), links: links.toRecord(), count };
}

function createdTimes(
  records: readonly JustInTimeRecord[],
  spans: ReadonlyMap<string, EventSpan>,
  now: string,
  report: Report,
): ReadonlyMap<string, string> {
  const entries = records.flatMap(({ id, fields }) => {
    const time = createdTime(id, fields, spans.get(id), now, report);
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

function createdTime(
  id: string,
  fields: Readonly<Record<string, unknown>>,
  span: EventSpan | undefined,
  now: string,
  report: Report,
): ExactTime | null {
  const given = parseTime(fields.created_at);
  if (given !== null) return given;
  const from = span === undefined ? 'the time of the import' : 'the time of the first event';
  report.repaired('created_at', `missing or no time: ${from}`, id);
  return span?.first ?? parseTime(now);
}
