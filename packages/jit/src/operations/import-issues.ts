import type { ImportOutput } from '@jit/contract/outputs/repository';
import type { Issue } from '../domain/issue.ts';
import { refuseCaseClash, refuseCycles } from '../import/check-plan.ts';
import { newReport, type Report } from '../import/report.ts';
import type { ImportPlan, PlannedComment, ReportParts } from '../import/source.ts';
import { withoutUnpassed } from '../import/unpassed-gates.ts';
import type { ReadTx, Store, WriteTx } from '../store/store.ts';
import { findGate } from './gate-definitions.ts';

/** Who imports, and whether it is only tried. */
export interface ImportRequest {
  readonly actor: string;
  readonly dryRun: boolean;
}

/**
 * Takes a plan over in one write: issues and gates that are not there yet, comments with their issue.
 * What is there stays as it is, so a second run changes nothing. A dry run tells the same and writes
 * nothing. Errors, exit 4, nothing written: CYCLE, ID_CASE_CLASH, UNREADABLE.
 */
export function importIssues(store: Store, plan: ImportPlan, request: ImportRequest): ImportOutput {
  if (request.dryRun) return store.read((tx) => toOutput(plan, decide(tx, plan), request));
  return store.write((tx) => {
    const decision = decide(tx, plan);
    apply(tx, plan, decision, request.actor);
    return toOutput(plan, decision, request);
  });
}

interface Decision {
  readonly issues: ImportPlan['issues'];
  readonly gates: ImportPlan['gates'];
  readonly comments: readonly PlannedComment[];
  readonly report: ReportParts;
}

function decide(tx: ReadTx, plan: ImportPlan): Decision {
  refuseUnreadable(tx, plan);
  const here = new Map(tx.all().map((issue) => [issue.id, issue]));
  refuseCaseClash(
    plan.issues.map(({ id }) => id),
    here.keys(),
  );
  refuseCaseClash(
    plan.gates.map(({ key }) => key),
    tx.gates().map(({ key }) => key),
  );
  const report = newReport();
  const issues = plan.issues
    .filter(({ id }) => !here.has(id))
    .map((issue) => withoutOpenExitGates(tx, plan.source, issue, report));
  refuseCycles(new Map([...here, ...issues.map((issue) => [issue.id, issue] as const)]));
  noteOthers(tx, plan, here, report);
  return {
    issues,
    gates: plan.gates.filter(({ key }) => tx.gate(key) === undefined),
    comments: newComments(tx, plan, new Set(issues.map(({ id }) => id)), report),
    report: report.parts(),
  };
}

/**
 * A gate of this tracker may hold back done where the one of the source with this key did not: an issue
 * that was done there keeps no exit gate that was never passed, and the report says so.
 */
function withoutOpenExitGates(tx: ReadTx, source: string, issue: Issue, report: Report): Issue {
  if (issue.state !== 'done') return issue;
  const open = Object.keys(issue.gates).filter(
    (key) => tx.gate(key)?.stage === 'done' && issue.gates[key]?.status !== 'passed',
  );
  return withoutUnpassed(issue, open, source, report);
}

/** A file that can't be read may hold one of these issues or gates: it is never overwritten. */
function refuseUnreadable(tx: ReadTx, plan: ImportPlan): void {
  const planned = new Set(plan.issues.map(({ id }) => id));
  for (const { path, subject } of tx.unreadable()) {
    if (path.startsWith('issues/') && planned.has(subject)) tx.issue(subject);
  }
  for (const { key } of plan.gates) findGate(tx, key);
}

function noteOthers(
  tx: ReadTx,
  plan: ImportPlan,
  here: ReadonlyMap<string, Issue>,
  report: Report,
): void {
  for (const { id, title } of plan.issues) {
    const other = here.get(id);
    if (other === undefined || other.title === title) continue;
    report.skipped('issue', 'one with this id and another title is here: it stays as it is', id);
  }
  for (const gate of plan.gates) {
    const other = tx.gate(gate.key);
    const same = other?.stage === gate.stage && other.checker?.command === gate.checker?.command;
    if (other === undefined || same) continue;
    report.skipped(
      'gate',
      'one with this key is defined otherwise here: it stays as it is',
      gate.key,
    );
  }
}

function newComments(
  tx: ReadTx,
  plan: ImportPlan,
  created: ReadonlySet<string>,
  report: Report,
): readonly PlannedComment[] {
  if (plan.comments.length === 0) return [];
  const known = new Set(tx.events({ type: 'comment_added' }).map((event) => event.source_key));
  return plan.comments
    .filter(({ key }) => !known.has(key))
    .filter(({ issue }) => {
      if (created.has(issue)) return true;
      report.skipped('comment', 'its issue was here before', issue);
      return false;
    })
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function apply(tx: WriteTx, plan: ImportPlan, decision: Decision, actor: string): void {
  const { source } = plan;
  for (const gate of decision.gates) {
    tx.putGate(gate);
    const { key, stage, mode } = gate;
    tx.emit({ type: 'gate_defined', issue: null, actor, gate: key, stage, mode, source });
  }
  for (const issue of decision.issues) {
    tx.put(issue);
    const { id, title, state } = issue;
    tx.emit({ type: 'issue_imported', issue: id, actor, source, title, state });
  }
  for (const { issue, at, by, text, key } of decision.comments) {
    tx.emit({ type: 'comment_added', issue, at, actor: by, text, source_key: key });
  }
}

function toOutput(plan: ImportPlan, decision: Decision, request: ImportRequest): ImportOutput {
  const { issues, gates, comments } = decision;
  const states: Record<string, number> = {};
  for (const { state } of issues) states[state] = (states[state] ?? 0) + 1;
  const edges = issues.flatMap(({ id }) => plan.edges.get(id) ?? []);
  const changed = issues.length > 0 || gates.length > 0;
  return {
    source: plan.source,
    dry_run: request.dryRun,
    changed: changed && !request.dryRun,
    issues: {
      read: plan.read.issues,
      created: issues.length,
      unchanged: plan.issues.length - issues.length,
      skipped: plan.read.issues - plan.issues.length,
    },
    gates: {
      read: plan.read.gates,
      created: gates.length,
      unchanged: plan.gates.length - gates.length,
    },
    dependencies: {
      read: plan.read.dependencies,
      imported: edges.reduce((sum, edge) => sum + edge.imported, 0),
      linked: edges.reduce((sum, edge) => sum + edge.linked, 0),
    },
    comments: { read: plan.read.comments, imported: comments.length },
    events: { read: plan.read.events, imported: 0 },
    states,
    mapped: plan.report.mapped.map(({ subjects, ...part }) => ({
      ...part,
      subjects: [...subjects],
    })),
    skipped: [...decision.report.skipped, ...plan.report.skipped].map(({ subjects, ...part }) => {
      return { ...part, subjects: [...subjects] };
    }),
    repaired: [...decision.report.repaired, ...plan.report.repaired].map(
      ({ subjects, ...part }) => {
        return { ...part, subjects: [...subjects] };
      },
    ),
  };
}
