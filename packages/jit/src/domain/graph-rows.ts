import type { Edges } from './graph.ts';

/** One line of a drawn graph. */
export interface GraphRow {
  readonly id: string;
  /** What stands before the node: the branches that lead to it. */
  readonly branch: string;
  /** Where it stands in full, if not here: further up, or further down. */
  readonly mark: 'above' | 'below' | null;
}

/** Deeper branches would leave no room for the title; they go on in a tree of their own. */
const MAX_INDENT = 12;

/**
 * The lines of a graph drawn as trees, each node in full once: there are about as many lines as
 * nodes and edges. A branch that gets too deep goes on at the left, further down.
 */
export function graphRows(tops: readonly string[], edges: Edges): GraphRow[] {
  const rows: GraphRow[] = [];
  const drawn = new Set<string>();
  const below = new Set<string>();
  const queue = [...tops];
  for (let at = 0; at < queue.length; at += 1) {
    const top = queue[at] ?? '';
    below.delete(top);
    if (drawn.has(top)) continue;
    const open = [{ id: top, branch: '', indent: '', depth: 0 }];
    for (let step = open.pop(); step !== undefined; step = open.pop()) {
      const { id, branch, indent, depth } = step;
      const targets = edges(id);
      const isLeaf = targets.length === 0;
      if (drawn.has(id) || below.has(id)) {
        rows.push({ id, branch, mark: drawn.has(id) ? 'above' : 'below' });
        continue;
      }
      if (!isLeaf && depth >= MAX_INDENT) {
        below.add(id);
        queue.push(id);
        rows.push({ id, branch, mark: 'below' });
        continue;
      }
      drawn.add(id);
      rows.push({ id, branch, mark: null });
      for (let child = targets.length - 1; child >= 0; child -= 1) {
        const last = child === targets.length - 1;
        open.push({
          id: targets[child] ?? '',
          branch: `${indent}${last ? '└─ ' : '├─ '}`,
          indent: `${indent}${last ? '   ' : '│  '}`,
          depth: depth + 1,
        });
      }
    }
  }
  return rows;
}
