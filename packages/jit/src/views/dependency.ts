import type {
  DependencyChangeOutput,
  DependencyTreeOutput,
  EdgeOutput,
} from '@jit/contract/outputs/dependency';
import { shownState } from '../domain/readiness.ts';
import type { ReadTx } from '../store/store.ts';
import { readable } from './graph.ts';

/** One edge with what is known of the issue at its other end, as seen from the issue that was asked for. */
export function toEdge(
  tx: ReadTx,
  edge: { issue: string; dependsOn: string; other: string },
): EdgeOutput {
  const other = readable(tx, edge.other);
  return {
    issue: edge.issue,
    depends_on: edge.dependsOn,
    title: other?.title ?? null,
    state: other === undefined ? tx.stateOf(edge.other) : shownState(other, tx),
    priority: other?.priority ?? null,
  };
}

/** The answer of a change of edges. */
export function toDependencyChange(
  tx: ReadTx,
  { id, added, removed }: { id: string; added: readonly string[]; removed: readonly string[] },
): DependencyChangeOutput {
  const issue = tx.mustHave(id);
  return {
    id,
    short_id: tx.shortId(id),
    state: shownState(issue, tx),
    added: [...added],
    removed: [...removed],
    dependencies: [...issue.dependencies],
    changed: added.length + removed.length > 0,
  };
}

/**
 * What an issue waits for, down to the roots or to a depth. A node met before is named again without
 * its children.
 */
export function toDependencyTree(tx: ReadTx, root: string, depth: number): DependencyTreeOutput {
  const seen = new Set<string>();
  const top = toNode(tx, root);
  const open = [{ node: top, left: depth }];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const { node, left } = step;
    node.repeated = seen.has(node.id);
    if (node.repeated) continue;
    const targets = tx.dependenciesOf(node.id);
    node.cut = left === 0 && targets.length > 0;
    // What is cut here may stand in full elsewhere.
    if (node.cut) continue;
    seen.add(node.id);
    node.dependencies = targets.map((id) => toNode(tx, id));
    // Last first, so that nodes are met in the order in which they are printed.
    open.push(...node.dependencies.toReversed().map((child) => ({ node: child, left: left - 1 })));
  }
  return top;
}

function toNode(tx: ReadTx, id: string): DependencyTreeOutput {
  const issue = readable(tx, id);
  return {
    id,
    short_id: tx.shortId(id),
    title: issue?.title ?? null,
    state: issue === undefined ? tx.stateOf(id) : shownState(issue, tx),
    repeated: false,
    cut: false,
    dependencies: [],
  };
}
