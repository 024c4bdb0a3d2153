import { shellWord } from '../shell-word.ts';
import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Edges to issues that do not exist: what has one waits forever. */
export function danglingEdges({ issues, names }: TrackerFacts): readonly Finding[] {
  return issues.flatMap(({ id, dependencies }) =>
    [...new Set(dependencies)]
      .filter((target) => !names.has(target))
      .map((target) => ({
        code: 'DANGLING_EDGE' as const,
        severity: 'error' as const,
        subject: id,
        message: `${id} depends on ${target}, which does not exist`,
        fix: `Bring ${target} back, or end the dependency: jit dep rm ${id} ${shellWord(target)}`,
      })),
  );
}
