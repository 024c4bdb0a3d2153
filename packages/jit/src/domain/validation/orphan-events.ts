import { shellWord } from '../shell-word.ts';
import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Events of issues that are neither here nor were deleted: a file was lost, or a merge took only half. */
export function orphanEvents({ names, events }: TrackerFacts): readonly Finding[] {
  const orphans = new Map<string, number>();
  const deleted = new Set<string>();
  for (const { issue, type } of events) {
    if (typeof issue !== 'string' || names.has(issue)) continue;
    if (type === 'issue_deleted') deleted.add(issue);
    orphans.set(issue, (orphans.get(issue) ?? 0) + 1);
  }
  return [...orphans]
    .filter(([issue]) => !deleted.has(issue))
    .map(([issue, count]) => ({
      code: 'ORPHAN_EVENT',
      severity: 'warning',
      subject: issue,
      message: `the log has ${count} ${count === 1 ? 'event' : 'events'} of ${issue}, but the issue is not here`,
      fix: `Look where its file went: git log -- ${shellWord(`.jit/issues/${issue}.json`)}`,
    }));
}
