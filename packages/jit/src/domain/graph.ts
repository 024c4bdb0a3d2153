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
  const back = [from];
  for (let id: string | undefined = last; id !== undefined && id !== from; id = cameFrom.get(id)) {
    back.push(id);
  }
  return [from, ...back.reverse()];
}

/** How many nodes of a path are named in a message; all of them stand in the details. */
const NAMED_AT_EACH_END = 6;

/** A path on one line; of a long one only both ends. */
export function pathInWords(path: readonly string[]): string {
  const hidden = path.length - 2 * NAMED_AT_EACH_END;
  const shown =
    hidden <= 1
      ? path
      : [
          ...path.slice(0, NAMED_AT_EACH_END),
          `… ${hidden} more …`,
          ...path.slice(-NAMED_AT_EACH_END),
        ];
  return shown.join(' → ');
}

/** A node of a depth-first walk. */
interface Visit {
  readonly id: string;
  readonly edges: readonly string[];
  next: number;
  readonly order: number;
  low: number;
}

/** One cycle's path per knot (a set of nodes that all reach each other), in the order of the nodes. */
export function findCycles(nodes: readonly string[], edges: Edges): string[][] {
  const positions = new Map(nodes.map((id, position) => [id, position]));
  const position = (id: string) => positions.get(id) ?? nodes.length;
  return findKnots(nodes, edges)
    .map((members) => members.toSorted((a, b) => position(a) - position(b)))
    .sort(([a = ''], [b = '']) => position(a) - position(b))
    .flatMap((members) => {
      const knot = new Set(members);
      const inside = (id: string) => edges(id).filter((target) => knot.has(target));
      const [first = ''] = members;
      const [second] = inside(first);
      const path = second === undefined ? null : cyclePath(first, second, inside);
      return path === null ? [] : [path];
    });
}

/** The strongly connected sets with a cycle in them (Tarjan), without recursion: chains can be long. */
function findKnots(nodes: readonly string[], edges: Edges): string[][] {
  const knots: string[][] = [];
  const seen = new Map<string, Visit>();
  const open: Visit[] = [];
  const isOpen = new Set<string>();
  const path: Visit[] = [];
  const enter = (id: string) => {
    const visit = { id, edges: edges(id), next: 0, order: seen.size, low: seen.size };
    seen.set(id, visit);
    open.push(visit);
    isOpen.add(id);
    path.push(visit);
  };
  for (const root of nodes) {
    if (!seen.has(root)) enter(root);
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const target = visit.edges[visit.next];
      visit.next += 1;
      if (target !== undefined) {
        const known = seen.get(target);
        if (known === undefined) enter(target);
        else if (isOpen.has(target)) visit.low = Math.min(visit.low, known.order);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) parent.low = Math.min(parent.low, visit.low);
      if (visit.low !== visit.order) continue;
      const members = open.splice(open.lastIndexOf(visit));
      for (const { id } of members) isOpen.delete(id);
      if (members.length > 1 || visit.edges.includes(visit.id)) {
        knots.push(members.map(({ id }) => id));
      }
    }
  }
  return knots;
}
