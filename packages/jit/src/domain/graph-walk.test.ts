import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Edges } from './graph.ts';
import { graphRows } from './graph-rows.ts';
import { toDot, toMermaid } from './graph-text.ts';
import { dependenciesFirst, distancesFrom, longestChain, topsOf } from './graph-walk.ts';

/** Any graph of up to twelve nodes, circles included. */
const graphs = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 40 }).map((pairs) => {
    const nodes = Array.from({ length: size }, (_, at) => `n${String(at).padStart(2, '0')}`);
    return { nodes, edges: edgesOf(nodes, pairs) };
  }),
);

/** The same without circles: edges lead to lower numbers only. */
const acyclic = fc.integer({ min: 1, max: 9 }).chain((size) =>
  fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 30 }).map((pairs) => {
    const nodes = Array.from({ length: size }, (_, at) => `n${at}`);
    return {
      nodes,
      edges: edgesOf(
        nodes,
        pairs.filter(([a, b]) => b < a),
      ),
    };
  }),
);

function edgesOf(nodes: readonly string[], pairs: readonly (readonly [number, number])[]): Edges {
  const sets = new Map(nodes.map((id) => [id, new Set<string>()]));
  for (const [from, to] of pairs) sets.get(nodes[from] ?? '')?.add(nodes[to] ?? '');
  const lists = new Map([...sets].map(([id, targets]) => [id, [...targets].sort()]));
  return (id) => lists.get(id) ?? [];
}

/** Edges that count how often each node is asked for. */
function counted(edges: Edges): { edges: Edges; most: () => number } {
  const counts = new Map<string, number>();
  return {
    edges: (id) => {
      counts.set(id, (counts.get(id) ?? 0) + 1);
      return edges(id);
    },
    most: () => Math.max(...counts.values()),
  };
}

const chain = (length: number): { nodes: string[]; edges: Edges } => {
  const nodes = Array.from({ length }, (_, at) => `c${String(at).padStart(6, '0')}`);
  const next = new Map(nodes.map((id, at) => [id, nodes.slice(at + 1, at + 2)]));
  return { nodes, edges: (id) => next.get(id) ?? [] };
};

describe('the walks', () => {
  test('put every node after what it depends on', () => {
    fc.assert(
      fc.property(acyclic, ({ nodes, edges }) => {
        const order = dependenciesFirst(nodes, edges);
        expect(order.toSorted()).toEqual(nodes.toSorted());
        for (const id of nodes) {
          for (const target of edges(id))
            expect(order.indexOf(target)).toBeLessThan(order.indexOf(id));
        }
      }),
    );
  });

  test('find the longest chain, as long as a search through all of them finds', () => {
    const all = ({ edges }: { edges: Edges }, id: string): number =>
      1 + Math.max(0, ...edges(id).map((target) => all({ edges }, target)));
    fc.assert(
      fc.property(acyclic, ({ nodes, edges }) => {
        const found = longestChain(nodes, edges);
        expect(found).toHaveLength(Math.max(...nodes.map((id) => all({ edges }, id))));
        for (const [at, id] of found.entries()) {
          if (at > 0) expect(edges(id)).toContain(found[at - 1]);
        }
      }),
    );
  });

  test('end in graphs with circles, reach every node, and give the same twice', () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const tops = topsOf(nodes, edges);
        const reached = new Set(tops.flatMap((top) => [...distancesFrom(top, edges).keys()]));
        expect([...reached].sort()).toEqual(nodes);
        const path = longestChain(nodes, edges);
        expect(new Set(path).size).toBe(path.length);
        expect(longestChain(nodes, edges)).toEqual(path);
      }),
    );
  });

  test('a chain of 20,000 and a ladder of diamonds cost each node one look', () => {
    const long = chain(20_000);
    const look = counted(long.edges);
    expect(dependenciesFirst(long.nodes, look.edges)).toHaveLength(20_000);
    expect(distancesFrom(long.nodes[0] ?? '', look.edges).size).toBe(20_000);
    expect(look.most()).toBe(2);
    expect(longestChain(long.nodes, long.edges)).toHaveLength(20_000);
  });
});

describe('the drawing', () => {
  test('has every node in full once, and every other time marked', () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const rows = graphRows(topsOf(nodes, edges), edges);
        for (const id of nodes) {
          const full = rows.filter((row) => row.id === id && row.mark === null);
          expect(full).toHaveLength(1);
        }
        const edgeCount = nodes.reduce((sum, id) => sum + edges(id).length, 0);
        expect(rows.length).toBeLessThanOrEqual(nodes.length * 2 + edgeCount);
      }),
    );
  });

  test('of 40 diamonds in a row stays as small as its edges', () => {
    const nodes: string[] = [];
    const targets = new Map<string, string[]>();
    for (let at = 0; at < 40; at += 1) {
      targets.set(`a${at}`, [`b${at}`, `c${at}`]);
      targets.set(`b${at}`, [`a${at + 1}`]);
      targets.set(`c${at}`, [`a${at + 1}`]);
      nodes.push(`a${at}`, `b${at}`, `c${at}`);
    }
    const rows = graphRows(['a0'], (id) => targets.get(id) ?? []);
    expect(rows.length).toBeLessThan(40 * 4 + 20);
  });

  test('of a chain of 5,000 keeps its lines short and has about one per issue', () => {
    const { nodes, edges } = chain(5000);
    const rows = graphRows(nodes.slice(0, 1), edges);
    expect(Math.max(...rows.map(({ branch }) => branch.length))).toBeLessThan(40);
    expect(rows.length).toBeLessThan(5000 + 5000 / 10);
    expect(rows.filter(({ mark }) => mark === null).map(({ id }) => id)).toEqual(nodes);
  });

  test('as dot and Mermaid holds no text of a title as syntax', () => {
    const hostile = 'a"b\\c\n<b>`x`</b> [x] {y} | #1; \u001b[31m\u202eevil end 1. 🙂';
    const graph = {
      nodes: [
        { id: 'end', short_id: 'end', title: hostile, state: 'ready' },
        { id: 'a.b-c_d', short_id: 'a.b-', title: null, state: 'missing' },
      ],
      edges: [{ issue: 'end', depends_on: 'a.b-c_d' }],
    };
    expect(toDot(graph).split('\n')).toEqual([
      'digraph jit {',
      '  rankdir=LR;',
      '  node [shape=box, style="rounded,filled"];',
      '  "end" [label="end · ready\\na\\"b\\\\c <b>`x`</b> [x] {y} | #1;  [31mevil end 1. 🙂", fillcolor="#d3f9d8"];',
      '  "a.b-c_d" [label="a.b- · missing", fillcolor="#ffc9c9"];',
      '  "end" -> "a.b-c_d";',
      '}',
    ]);
    expect(toMermaid(graph).split('\n')).toEqual([
      'flowchart LR',
      '  i_end["end · ready<br/>a#34;b#92;c #60;b#62;#96;x#96;#60;/b#62; #91;x#93; #123;y#125; #124; #35;1;  #91;31mevil end 1. 🙂"]:::ready',
      '  i_a_2e_b_2d_c_5f_d["a.b- · missing"]:::missing',
      '  i_end --> i_a_2e_b_2d_c_5f_d',
      '  classDef missing fill:#ffc9c9,color:#000',
      '  classDef ready fill:#d3f9d8,color:#000',
    ]);
  });
});
