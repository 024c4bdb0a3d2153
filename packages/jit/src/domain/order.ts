import { PRIORITIES } from '@jit/contract/vocabulary';
import type { Issue } from './issue.ts';
import { byCodeUnit } from './issue.ts';

/** The ready order: priority, then oldest first, then id. Nothing starves inside a priority. */
export function readyOrder(a: Issue, b: Issue): number {
  return (
    PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority) ||
    Date.parse(a.created_at) - Date.parse(b.created_at) ||
    byCodeUnit(a.id, b.id)
  );
}

/** The order of lists that are not about what comes next: oldest first, then id. */
export function createdOrder(a: Issue, b: Issue): number {
  return Date.parse(a.created_at) - Date.parse(b.created_at) || byCodeUnit(a.id, b.id);
}
