import type { MergeConflict } from '../issue.ts';
import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Values that lost in a merge and that no write has noted in the log yet. */
export function mergeConflictFields({ issues, gates }: TrackerFacts): readonly Finding[] {
  const ofIssues = issues.map(({ id, conflicts }) =>
    finding(id, conflicts, `jit issue show ${id}`),
  );
  const ofGates = [...gates.values()].map(({ key, conflicts = [] }) =>
    finding(`gate ${key}`, conflicts, `jit gate show ${key}`),
  );
  return [...ofIssues, ...ofGates].flat();
}

function finding(
  subject: string,
  conflicts: readonly MergeConflict[],
  place: string,
): readonly Finding[] {
  if (conflicts.length === 0) return [];
  const fields = conflicts.map(({ field }) => field).join(', ');
  return [
    {
      code: 'MERGE_CONFLICT_FIELDS',
      severity: 'warning',
      subject,
      message: `in a merge of ${subject} both sides had changed: ${fields}`,
      fix: `Compare the values (${place}); the next change moves them into the log.`,
    },
  ];
}
