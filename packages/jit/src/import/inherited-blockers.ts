import { cyclePath } from '../domain/graph.ts';
import type { Issue } from '../domain/issue.ts';
import { isUnfinished, toSet } from '../domain/issue.ts';
import type { Report } from './report.ts';

/**
 * Gives what a parent waits for to its children, as beads does when it computes what is ready: while
 * an unfinished parent is blocked, so are its unfinished children. A child never waits for the parent
 * itself.
 */
export function inheritBlockers(
  issues: ReadonlyMap<string, Issue>,
  parentsOf: ReadonlyMap<string, readonly string[]>,
  report: Report,
): ReadonlyMap<string, Issue> {
  const result = new Map(issues);
  const edges = (id: string): readonly string[] => result.get(id)?.dependencies ?? [];
  for (const child of issues.values()) {
    if (!isUnfinished(child)) continue;
    for (const blocker of blockersOfParents(child.id, issues, parentsOf)) {
      if (edges(child.id).includes(blocker)) continue;
      if (cyclePath(child.id, blocker, edges) !== null) {
        const subject = `${child.id} → ${blocker}`;
        report.skipped('blocker of a parent', 'waiting for it would be a circle', subject);
        continue;
      }
      const before = result.get(child.id) ?? child;
      result.set(child.id, { ...before, dependencies: toSet([...before.dependencies, blocker]) });
      report.mapped(
        'blocker of a parent',
        'blocks the parent',
        'dependency of the child',
        child.id,
      );
    }
  }
  return result;
}

function blockersOfParents(
  child: string,
  issues: ReadonlyMap<string, Issue>,
  parentsOf: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const blockers: string[] = [];
  const seen = new Set([child]);
  const queue = [...(parentsOf.get(child) ?? [])];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    const parent = issues.get(id);
    if (seen.has(id) || parent === undefined || !isUnfinished(parent)) continue;
    seen.add(id);
    queue.push(...(parentsOf.get(id) ?? []));
    for (const dependency of parent.dependencies) {
      const blocker = issues.get(dependency);
      if (blocker !== undefined && isUnfinished(blocker)) blockers.push(dependency);
    }
  }
  return toSet(blockers);
}
