import type { Issue } from '../domain/issue.ts';
import { planBeadsImport } from './beads.ts';
import { planJustInTimeImport } from './just-in-time.ts';
import type { ImportPlan, SourceFile } from './source.ts';

/** When the imports of the tests happen. */
export const NOW = '2026-11-20T10:00:00.000Z';

/** One line of a beads file: an open task unless a test says otherwise. */
export function bead(id: string, more: Record<string, unknown> = {}): string {
  const created_at = '2026-01-16T07:21:09.28Z';
  return JSON.stringify({
    id,
    title: `Issue ${id}`,
    status: 'open',
    priority: 2,
    issue_type: 'task',
    created_at,
    updated_at: created_at,
    created_by: 'ana',
    ...more,
  });
}

/** An entry of `dependencies`. */
export function edge(target: string, type = 'blocks', more: Record<string, unknown> = {}) {
  return { depends_on_id: target, type, ...more };
}

/** The plan for a beads file of these lines. */
export function planBeads(...lines: string[]): ImportPlan {
  return planBeadsImport(lines.join('\n'), { now: NOW });
}

/** An issue file of just-in-time: in the backlog unless a test says otherwise. */
export function issueFile(id: string, more: Record<string, unknown> = {}): SourceFile {
  const text = JSON.stringify({
    id,
    title: `Issue ${id}`,
    description: '',
    state: 'backlog',
    priority: 'normal',
    assignee: null,
    dependencies: [],
    gates_required: [],
    gates_status: {},
    context: {},
    ...more,
  });
  return { path: `issues/${id}.json`, text };
}

/** Any JSON file. */
export function json(path: string, value: unknown): SourceFile {
  return { path, text: JSON.stringify(value) };
}

/** The plan for a just-in-time folder with these files. */
export function planFiles(...files: SourceFile[]): ImportPlan {
  return planJustInTimeImport(files, { now: NOW });
}

/** An issue of a plan that must have it. */
export function issueOf(plan: ImportPlan, id: string): Issue {
  const found = plan.issues.find((issue) => issue.id === id);
  if (found === undefined) throw new Error(`no ${id} in the plan`);
  return found;
}

/** What the report names as skipped under this word. */
export function skippedSubjects(plan: ImportPlan, what: string): readonly string[] {
  return plan.report.skipped.filter((part) => part.what === what).flatMap((part) => part.subjects);
}

/** What the report names as repaired under this word. */
export function repairedSubjects(plan: ImportPlan, what: string): readonly string[] {
  return plan.report.repaired.filter((part) => part.what === what).flatMap((part) => part.subjects);
}
