import type { Edges } from './graph.ts';

/** Every node that can be reached, nearest first, each once with the number of steps to it. The start has 0. */
export function distancesFrom(start: string, edges: Edges): Map<string, number> {
  const distances = new Map([[start, 0]]);
  // A map is walked in the order of its entries, also over those added on the way.
  for (const [id, distance] of distances) {
    for (const next of edges(id)) if (!distances.has(next)) distances.set(next, distance + 1);
  }
  return distances;
}

/**
 * The nodes in an order in which each comes after everything it depends on; in a circle the edge
 * that closes it counts for nothing. The same nodes and edges always give the same order.
 */
export function dependenciesFirst(nodes: readonly string[], edges: Edges): string[] {
  const order: string[] = [];
  const entered = new Set<string>();
  const path: { id: string; targets: readonly string[]; next: number }[] = [];
  const enter = (id: string) => {
    if (entered.has(id)) return;
    entered.add(id);
    path.push({ id, targets: edges(id), next: 0 });
  };
  for (const node of nodes) {
    enter(node);
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const target = visit.targets[visit.next];
      visit.next += 1;
      if (target !== undefined) {
        enter(target);
        continue;
      }
      path.pop();
      order.push(visit.id);
    }
  }
  return order;
}

/** The longest chain, the first to be finished first; of equal ones that with the lowest ids. */
export function longestChain(nodes: readonly string[], edges: Edges): string[] {
  const chains = new Map<string, { length: number; before: string | null }>();
  let last: string | null = null;
  for (const id of dependenciesFirst(nodes, edges)) {
    let best: { length: number; before: string | null } = { length: 1, before: null };
    for (const target of edges(id)) {
      const length = (chains.get(target)?.length ?? 0) + 1;
      // What is not counted yet closes a circle.
      if (!chains.has(target) || length < best.length) continue;
      if (length > best.length || (best.before !== null && target < best.before)) {
        best = { length, before: target };
      }
    }
    chains.set(id, best);
    const longest = last === null ? 0 : (chains.get(last)?.length ?? 0);
    if (best.length > longest || (best.length === longest && last !== null && id < last)) last = id;
  }
  const chain: string[] = [];
  for (let id = last; id !== null; id = chains.get(id)?.before ?? null) chain.push(id);
  return chain.reverse();
}

/** Where a drawing of the whole graph begins: the nodes that no other depends on, and one of each circle that none leads to. */
export function topsOf(nodes: readonly string[], edges: Edges): string[] {
  const wanted = new Set(nodes.flatMap((id) => edges(id)));
  const tops = nodes.filter((id) => !wanted.has(id));
  const seen = new Set<string>();
  const mark = (start: string) => {
    const open = [start];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      open.push(...edges(id));
    }
  };
  for (const top of tops) mark(top);
  if (seen.size === nodes.length) return tops;
  // Dependents come first here, so a circle is met before what it waits for.
  for (const id of dependenciesFirst(nodes, edges).reverse()) {
    if (seen.has(id)) continue;
    tops.push(id);
    mark(id);
  }
  return tops;
}

/** The graph with only some nodes: edges to others are left out. */
export function edgesWithin(nodes: Iterable<string>, edges: Edges): Edges {
  const known = new Set(nodes);
  const kept = new Map<string, readonly string[]>();
  return (id) => {
    let targets = kept.get(id);
    if (targets === undefined) {
      targets = edges(id).filter((target) => known.has(target));
      kept.set(id, targets);
    }
    return targets;
  };
}
