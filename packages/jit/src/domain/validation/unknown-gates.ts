import { isUnfinished } from '../issue.ts';
import { shellWord } from '../shell-word.ts';
import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Gates on unfinished issues that nothing defines: they hold back ready as well as done. */
export function unknownGates({ issues, gates, unreadable }: TrackerFacts): readonly Finding[] {
  const named = new Set(unreadable.map(({ path }) => path));
  const isKnown = (key: string) => gates.has(key) || named.has(`gates/${key}.json`);
  return issues.filter(isUnfinished).flatMap((issue) =>
    Object.keys(issue.gates)
      .filter((key) => !isKnown(key))
      .map((key) => ({
        code: 'UNKNOWN_GATE' as const,
        severity: 'error' as const,
        subject: issue.id,
        message: `${issue.id} carries gate ${key}, which is not defined`,
        fix: `Define it (jit gate define ${shellWord(key)}) or take it off (jit gate remove ${shellWord(key)} --issue ${issue.id}).`,
      })),
  );
}
