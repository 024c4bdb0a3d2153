import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Dependencies that stand twice in a file. */
export function duplicateEdges({ issues }: TrackerFacts): readonly Finding[] {
  return issues.flatMap(({ id, dependencies }) => {
    const once = new Set(dependencies);
    if (once.size === dependencies.length) return [];
    return [
      {
        code: 'DUPLICATE_EDGE' as const,
        severity: 'warning' as const,
        subject: id,
        message: `${id} lists ${dependencies.length - once.size} of its dependencies more than once`,
        fix: 'It counts once; the next change of the issue writes it once.',
      },
    ];
  });
}
