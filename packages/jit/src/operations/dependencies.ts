import { JitError } from '@jit/contract/errors';
import { illegalMove } from '../domain/errors.ts';
import { cyclePath, pathInWords } from '../domain/graph.ts';
import { isUnfinished } from '../domain/issue.ts';
import { shownState } from '../domain/readiness.ts';
import type { WriteTx } from '../store/store.ts';
import { advanceGated } from './transitions.ts';
import type { Writer } from './writer.ts';
import { fenceToken } from './writer.ts';

/** What a change of edges did. */
export interface EdgesChanged {
  readonly id: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Lets an issue depend on others. Check and write are one, so that no two calls can close a cycle. Errors: CYCLE (4) with the path. */
export function addDependencies(
  tx: WriteTx,
  ref: string,
  targets: readonly string[],
  writer: Writer,
): EdgesChanged {
  const id = tx.resolve(ref);
  let issue = tx.mustHave(id);
  fenceToken(tx, id, writer);
  const added: string[] = [];
  for (const target of targets.map((other) => tx.resolve(other))) {
    if (issue.dependencies.includes(target)) continue;
    if (!isUnfinished(issue)) throw illegalMove(id, shownState(issue, tx), 'get a new dependency');
    if (tx.mustHave(target).state === 'archived')
      throw illegalMove(target, 'archived', 'become a dependency');
    const path = cyclePath(id, target, (node) => edgesOf(tx, node));
    if (path !== null) throw cycle(path);
    issue = { ...issue, dependencies: [...issue.dependencies, target].sort() };
    added.push(target);
    tx.put(issue);
    tx.emit({ type: 'dependency_added', issue: id, depends_on: target });
  }
  return { id, added, removed: [] };
}

function edgesOf(tx: WriteTx, id: string): readonly string[] {
  const state = tx.stateOf(id);
  if (state === 'missing' || state === 'unreadable') return [];
  return tx.dependenciesOf(id);
}

function cycle(path: readonly string[]): JitError {
  return new JitError('invalid', 'CYCLE', `that would close a cycle: ${pathInWords(path)}`, {
    hint: 'Each arrow reads "depends on". One of these edges is too much.',
    details: { path },
  });
}

/** Ends dependencies; a target may be missing, so that dangling edges can be removed. */
export function removeDependencies(
  tx: WriteTx,
  ref: string,
  targets: readonly string[],
  writer: Writer,
): EdgesChanged {
  const id = tx.resolve(ref);
  const issue = tx.mustHave(id);
  fenceToken(tx, id, writer);
  const gone = targets.map((target) =>
    issue.dependencies.includes(target) ? target : tx.resolve(target),
  );
  const removed = issue.dependencies.filter((other) => gone.includes(other));
  if (removed.length > 0) {
    tx.put({ ...issue, dependencies: issue.dependencies.filter((other) => !gone.includes(other)) });
    for (const target of removed)
      tx.emit({ type: 'dependency_removed', issue: id, depends_on: target });
    advanceGated(tx, id, 'dependency_removed');
  }
  return { id, added: [], removed };
}
