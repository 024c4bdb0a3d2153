/** The edges of one node. */
export type Edges = (id: string) => readonly string[];

/**
 * The path that a new edge `from → to` would close to a cycle, as `[from, to, …, from]`, or null if
 * it closes none. Walks only what `to` reaches.
 */
export function cyclePath(from: string, to: string, edges: Edges): string[] | null {
  if (from === to) return [from, from];
  const cameFrom = new Map<string, string>([[to, from]]);
  const queue = [to];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const next of edges(id)) {
      if (next === from) return pathBack(from, id, cameFrom);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, id);
      queue.push(next);
    }
  }
  return null;
}

function pathBack(from: string, last: string, cameFrom: Map<string, string>): string[] {
  const path = [from];
  for (let id: string | undefined = last; id !== undefined && id !== from; id = cameFrom.get(id)) {
    path.unshift(id);
  }
  return [from, ...path];
}

/** Every cycle's path among the nodes, one per strongly connected knot, in the order of the nodes. */
export function findCycles(nodes: readonly string[], edges: Edges): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  for (const root of nodes) {
    if (done.has(root)) continue;
    const onPath = new Map<string, number>([[root, 0]]);
    const path = [{ id: root, next: 0 }];
    while (path.length > 0) {
      const top = path[path.length - 1];
      if (top === undefined) break;
      const target = edges(top.id)[top.next];
      top.next += 1;
      if (target === undefined) {
        path.pop();
        onPath.delete(top.id);
        done.add(top.id);
      } else if (onPath.has(target)) {
        const start = onPath.get(target) ?? 0;
        cycles.push([...path.slice(start).map((step) => step.id), target]);
      } else if (!done.has(target)) {
        onPath.set(target, path.length);
        path.push({ id: target, next: 0 });
      }
    }
  }
  return cycles;
}
