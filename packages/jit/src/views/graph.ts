import { JitError } from '@jit/contract/errors';
import type { GraphNodeOutput, GraphOutput } from '@jit/contract/outputs/graph';
import type { Edges } from '../domain/graph.ts';
import { findCycles } from '../domain/graph.ts';
import { distancesFrom, edgesWithin, topsOf } from '../domain/graph-walk.ts';
import type { Issue } from '../domain/issue.ts';
import { byCodeUnit } from '../domain/issue.ts';
import { dependencyBlocks, shownState } from '../domain/readiness.ts';
import type { ReadTx } from '../store/store.ts';

/** The issues of a graph and their edges among each other. */
export interface IssueGraph {
  /** In the order of ids. */
  readonly nodes: readonly string[];
  readonly edges: Edges;
  /** Those of the issues that were read on the way. */
  readonly read: ReadonlyMap<string, Issue>;
}

/**
 * The graph below an issue, or with null of everything. Finished issues stand in it only with `all`,
 * or where the graph begins with one; missing and unreadable ones always.
 */
export function issueGraph(tx: ReadTx, root: string | null, all: boolean): IssueGraph {
  const wanted = (id: string) => all || dependencyBlocks(tx.stateOf(id));
  const below: Edges = (id) => tx.dependenciesOf(id).filter(wanted);
  const nodes = new Set(root === null ? [] : distancesFrom(root, below).keys());
  const listed = root !== null ? [] : all ? tx.all() : tx.unfinished();
  const read = new Map(listed.map((issue) => [issue.id, issue]));
  for (const id of root === null ? [...read.keys(), ...unreadableIssues(tx, all)] : []) {
    nodes.add(id);
    for (const target of below(id)) nodes.add(target);
  }
  const ids = [...nodes].sort(byCodeUnit);
  return { nodes: ids, edges: edgesWithin(ids, (id) => tx.dependenciesOf(id)), read };
}

/** The issues whose files can't be read now. */
function unreadableIssues(tx: ReadTx, all: boolean): string[] {
  return tx
    .unreadable()
    .filter(({ path, subject }) => path === `issues/${subject}.json`)
    .map(({ subject }) => subject)
    .filter((id) => all || dependencyBlocks(tx.stateOf(id)));
}

/** Everything that waits for an issue, with its distance, nearest first. Finished issues pass it on only with `all`. */
export function dependentsOf(tx: ReadTx, id: string, all: boolean): Map<string, number> {
  const waits = (dependent: string) => all || dependencyBlocks(tx.stateOf(dependent));
  // What waits for a finished issue does not wait for it any more.
  const back: Edges = (of) => (waits(of) ? tx.dependents(of).filter(waits) : []);
  const distances = distancesFrom(id, back);
  distances.delete(id);
  return distances;
}

/** The whole graph for JSON and drawings. */
export function toGraph(tx: ReadTx, { nodes, edges, read }: IssueGraph): GraphOutput {
  return {
    nodes: nodes.map((id) => toGraphNode(tx, id, read.get(id))),
    edges: nodes.flatMap((issue) => edges(issue).map((depends_on) => ({ issue, depends_on }))),
    tops: topsOf(nodes, edges),
    cycles: findCycles(nodes, edges),
  };
}

/** One issue of a graph; `read` is the issue where it was read already. */
export function toGraphNode(tx: ReadTx, id: string, read?: Issue): GraphNodeOutput {
  const issue = read ?? readable(tx, id);
  const state = issue === undefined ? tx.stateOf(id) : shownState(issue, tx);
  return {
    id,
    short_id: state === 'missing' ? id : tx.shortId(id),
    title: issue?.title ?? null,
    state,
    priority: issue?.priority ?? null,
    assignee: issue?.assignee ?? null,
  };
}

/** The issue, or undefined where there is none or its file can't be used. */
export function readable(tx: ReadTx, id: string): Issue | undefined {
  try {
    return tx.issue(id);
  } catch (error) {
    if (error instanceof JitError && error.code === 'UNREADABLE') return undefined;
    throw error;
  }
}
