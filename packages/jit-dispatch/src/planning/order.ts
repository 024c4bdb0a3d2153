import { PRIORITIES, type Priority } from '@jit/contract/vocabulary';

/** What the order of work depends on. */
export interface Ordered {
  readonly id: string;
  readonly priority: Priority;
  readonly created_at: string;
}

/** The order in which issues are started: priority, then oldest first, then id. */
export function byUrgency(a: Ordered, b: Ordered): number {
  return (
    PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority) ||
    compare(a.created_at, b.created_at) ||
    compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
