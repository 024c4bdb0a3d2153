import type { Style } from '@jit/cli-kit/style';
import type { EdgeOutput } from '@jit/contract/outputs/dependency';
import { readTracker } from '../../cli/read-tracker.ts';
import type { JitContext } from '../../context.ts';
import { toEdge } from '../../views/dependency.ts';

/** The edges of an issue: what it waits for, or what waits for it. */
export function listEdges(context: JitContext, ref: string, dependents: boolean): EdgeOutput[] {
  return readTracker(context, (tx) => {
    const id = tx.resolve(ref);
    const issue = tx.mustHave(id);
    return dependents
      ? tx.dependents(id).map((other) => toEdge(tx, { issue: other, dependsOn: id, other }))
      : issue.dependencies.map((other) => toEdge(tx, { issue: id, dependsOn: other, other }));
  });
}

/** A table of the issues at the other ends. */
export async function renderEdges(edges: readonly EdgeOutput[], style: Style): Promise<string> {
  if (edges.length === 0) return style.isTty ? style.dim('none') : '';
  const [first] = edges;
  const forward = edges.every(({ issue }) => issue === first?.issue);
  const backward = edges.every(({ depends_on }) => depends_on === first?.depends_on);
  const rows = edges.map(({ issue, depends_on, state, priority, title }) => [
    issue,
    depends_on,
    state,
    priority ?? '',
    title ?? '',
  ]);
  const of = forward && !backward ? 'depends on' : 'other';
  return style.table(rows, ['issue', 'depends on', 'state', 'priority', `title of ${of}`]);
}
