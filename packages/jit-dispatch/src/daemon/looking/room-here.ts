import { countWork } from '../../planning/choosing/capacity.ts';
import type { Decision } from '../../planning/plan-cycle.ts';
import type { JointPlan } from './plan-together.ts';

/**
 * How many issues an agent may hold in one repository: its capacity less what it holds, runs and is about
 * to get in the others. At least one: what is asked for was planned with room.
 */
export function roomHere(
  repository: string,
  { claims, runs, decisions }: Pick<JointPlan, 'claims' | 'runs' | 'decisions'>,
): (agent: { readonly id: string; readonly capacity: number }) => number {
  if (repository === '') return ({ capacity }) => capacity;
  const isElsewhere = (key: string) => !key.startsWith(`${repository}/`);
  const starts = decisions.flatMap((each) =>
    each.action === 'start' ? { issue: each.issue.key, agent: each.agent } : [],
  );
  const others = [...runs, ...starts].filter(({ issue }) => isElsewhere(issue));
  return ({ id, capacity }) => {
    const held = (claims.get(id) ?? []).filter(isElsewhere);
    return Math.max(1, capacity - countWork(id, held, others));
  };
}

/** The part of a plan that is done in one repository. */
export function partOf(repository: string, decisions: readonly Decision[]): readonly Decision[] {
  return decisions.filter(({ issue }) => issue.repository === repository);
}
