import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cyclePath, findCycles } from './graph.ts';

/** A graph of up to eight nodes as the targets of each node. */
const graphs = fc
  .array(fc.array(fc.nat({ max: 7 }), { maxLength: 4 }), { minLength: 1, maxLength: 8 })
  .map((rows) => {
    const targets = rows.map((row) => row.map((target) => String(target % rows.length)));
    return new Map(targets.map((row, node) => [String(node), row]));
  });

type Graph = ReadonlyMap<string, readonly string[]>;

const edgesOf = (graph: Graph) => (id: string) => graph.get(id) ?? [];

/** What a node reaches in one step or more, the slow way. */
function reach(graph: Graph, from: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const id of [from, ...found]) for (const next of edgesOf(graph)(id)) found.add(next);
  }
  return found;
}

function isPath(graph: Graph, path: readonly string[]): boolean {
  return path.slice(1).every((id, at) => edgesOf(graph)(path[at] ?? '').includes(id));
}

describe('cyclePath', () => {
  test('finds a path exactly when the target already reaches the source', () => {
    const cases = fc.tuple(graphs, fc.nat({ max: 7 }), fc.nat({ max: 7 }));
    fc.assert(
      fc.property(cases, ([graph, a, b]) => {
        const [from, to] = [String(a % graph.size), String(b % graph.size)];
        const path = cyclePath(from, to, edgesOf(graph));
        const closes = from === to || reach(graph, to).has(from);
        expect(path !== null).toBe(closes);
        if (path === null) return;
        expect([path[0], path[1], path.at(-1)]).toEqual([from, to, from]);
        expect(isPath(graph, path.slice(1))).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });

  test('names an issue that would wait for itself', () => {
    expect(cyclePath('a', 'a', () => [])).toEqual(['a', 'a']);
  });
});

describe('findCycles', () => {
  test('finds one real cycle for each set of nodes that reach each other', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const nodes = [...graph.keys()];
        const cycles = findCycles(nodes, edgesOf(graph));
        for (const path of cycles) {
          expect(path.length).toBeGreaterThan(1);
          expect(path[0]).toBe(path.at(-1));
          expect(isPath(graph, path)).toBe(true);
        }
        const reached = new Map(nodes.map((id) => [id, reach(graph, id)]));
        const knots = new Set(
          nodes
            .filter((id) => reached.get(id)?.has(id))
            .map((id) =>
              nodes.find((other) => reached.get(id)?.has(other) && reached.get(other)?.has(id)),
            ),
        );
        expect(cycles.map(([first]) => first)).toEqual([...knots]);
      }),
      { numRuns: 10_000 },
    );
  });

  test('walks a chain of 100,000 issues and a ring of as many without recursion', () => {
    const nodes = Array.from({ length: 100_000 }, (_, at) => String(at));
    const next = (id: string) => nodes.slice(Number(id) + 1, Number(id) + 2);
    expect(findCycles(nodes, next)).toEqual([]);
    const ring = (id: string) => [String((Number(id) + 1) % nodes.length)];
    expect(findCycles(nodes, ring)).toEqual([[...nodes, '0']]);
  });
});
