import type { ClaimRecord } from '../holding.ts';
import { isOver } from '../holding.ts';
import { isUnfinished } from '../issue.ts';
import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Live claims that a checkout, stash or reset took out of the issue's file. */
export function claimsUndoneByGit({
  issues,
  names,
  records,
  now,
}: TrackerFacts): readonly Finding[] {
  const live = records.filter((record) => record.ended === null && !isOver(record, now));
  if (live.length === 0) return [];
  const byId = new Map(issues.map((issue) => [issue.id, issue]));
  return live.flatMap((record) => {
    if (!names.has(record.issue)) return [goneWithFile(record)];
    const issue = byId.get(record.issue);
    if (issue === undefined || !isUnfinished(issue)) return [];
    const isUndone =
      issue.attempt < record.attempt || (issue.claim === null && issue.attempt === record.attempt);
    if (!isUndone) return [];
    const { id, state, attempt } = issue;
    return [
      {
        code: 'CLAIM_UNDONE_BY_GIT' as const,
        severity: 'warning' as const,
        subject: id,
        message: `${id} is held by ${record.assignee} (attempt ${record.attempt}), but its file says ${state}, attempt ${attempt}`,
        fix: 'The claim holds; the next change of the issue by its holder writes it into the file again.',
      },
    ];
  });
}

function goneWithFile({ issue, assignee, attempt }: ClaimRecord): Finding {
  return {
    code: 'CLAIM_UNDONE_BY_GIT',
    severity: 'warning',
    subject: issue,
    message: `${issue} is held by ${assignee} (attempt ${attempt}), but its file is not here`,
    fix: `The claim holds when the file is back. Look where it went: git log --all -- .jit/issues/${issue}.json`,
  };
}
