import { findCycles } from '../../domain/graph.ts';
import { byCodeUnit } from '../../domain/issue.ts';
import type { IndexDb } from './index-db.ts';

/**
 * Brings up to date which cycles the index knows, after these issues changed. jit closes none
 * itself: they come by merges and editors. Only what the changed issues and the known cycles reach is
 * walked.
 */
export function noteCycles(index: IndexDb, changed: readonly string[]): void {
  const known = index.cycles();
  if (known.length === 0 && changed.length === 0) return;
  index.setCycles(cyclesAmong([...known.flat(), ...changed], (id) => index.edgesOf(id)));
}

/** The cycles that some issues are on or lead to, each beginning with its first id. */
export function cyclesAmong(
  ids: readonly string[],
  edges: (id: string) => readonly string[],
): readonly (readonly string[])[] {
  const nodes = [...new Set(ids)].sort(byCodeUnit);
  return findCycles(nodes, edges).map(fromFirst);
}

function fromFirst(path: readonly string[]): readonly string[] {
  const members = path.slice(1);
  const first = members.toSorted(byCodeUnit)[0] ?? '';
  const at = members.indexOf(first);
  return [...members.slice(at), ...members.slice(0, at), first];
}
