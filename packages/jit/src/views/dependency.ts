import type {
  DependencyChangeOutput,
  DependencyTreeOutput,
  EdgeOutput,
} from '@jit/contract/outputs/dependency';
import type { Issue } from '../domain/issue.ts';
import type { ReadTx } from '../store/store.ts';
import { shownStateOf } from './issue.ts';

/** One edge with what is known of the issue at its other end, seen from `id`. */
export function toEdge(tx: ReadTx, issue: string, dependsOn: string, other: string): EdgeOutput {
  const known = readableIssue(tx, other);
  return {
    issue,
    depends_on: dependsOn,
    title: known?.title ?? null,
    state: shownStateOf(tx, other),
    priority: known?.priority ?? null,
  };
}

/** The answer of a change of edges. */
export function toDependencyChange(
  tx: ReadTx,
  { id, added, removed }: { id: string; added: readonly string[]; removed: readonly string[] },
): DependencyChangeOutput {
  const { dependencies } = tx.mustHave(id);
  const state = shownStateOf(tx, id);
  if (state === 'missing' || state === 'unreadable') throw new Error(`${id} was changed and is ${state}`);
  return {
    id,
    short_id: tx.shortId(id),
    state,
    added: [...added],
    removed: [...removed],
    dependencies: [...dependencies],
    changed: added.length + removed.length > 0,
  };
}

/** Everything an issue waits for, down to the roots. A node met before is named again without its children. */
export function toDependencyTree(tx: ReadTx, root: string): DependencyTreeOutput {
  const seen = new Set<string>();
  const top = toNode(tx, root, seen);
  const open = [top];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.repeated) continue;
    node.dependencies = tx.dependenciesOf(node.id).map((id) => toNode(tx, id, seen));
    // Last first, so that what stands further up in the picture is met first.
    open.push(...node.dependencies.toReversed());
  }
  return top;
}

function toNode(tx: ReadTx, id: string, seen: Set<string>): DependencyTreeOutput {
  const repeated = seen.has(id);
  seen.add(id);
  return {
    id,
    short_id: tx.shortId(id),
    title: readableIssue(tx, id)?.title ?? null,
    state: shownStateOf(tx, id),
    repeated,
    dependencies: [],
  };
}

function readableIssue(tx: ReadTx, id: string): Issue | undefined {
  const state = tx.stateOf(id);
  return state === 'missing' || isBroken(tx, id) ? undefined : tx.issue(id);
}

function isBroken(tx: ReadTx, id: string): boolean {
  return tx.unreadable().some(({ path }) => path === `issues/${id}.json`);
}
