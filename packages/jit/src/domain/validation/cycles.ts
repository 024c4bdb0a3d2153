import { findCycles, pathInWords } from '../graph.ts';
import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Issues that wait for each other in a circle, one finding per knot. */
export function cycles({ issues }: TrackerFacts): readonly Finding[] {
  const edges = new Map(issues.map(({ id, dependencies }) => [id, dependencies]));
  return findCycles([...edges.keys()], (id) => edges.get(id) ?? []).map((path) => ({
    code: 'CYCLE',
    severity: 'error',
    subject: path[0] ?? '',
    message: `dependencies run in a circle: ${pathInWords(path)}`,
    fix: 'Take one of these edges away: jit dep rm FROM TO',
  }));
}
