import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Values that lost in a merge and that nobody has looked at yet. */
export function mergeConflictFields({ issues }: TrackerFacts): readonly Finding[] {
  return issues
    .filter(({ conflicts }) => conflicts.length > 0)
    .map(({ id, conflicts }) => ({
      code: 'MERGE_CONFLICT_FIELDS',
      severity: 'warning',
      subject: id,
      message: `in a merge of ${id} both sides had changed: ${conflicts.map(({ field }) => field).join(', ')}`,
      fix: `Compare the values (jit issue show ${id}); the next change of the issue moves them into the log.`,
    }));
}
