import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Issues in progress of which nobody can say who works on them. */
export function inProgressWithoutClaim({ issues }: TrackerFacts): readonly Finding[] {
  return issues
    .filter(({ state }) => state === 'in_progress')
    .filter(({ claim, assignee }) => claim === null || assignee === null)
    .map(({ id, claim }) => ({
      code: 'IN_PROGRESS_WITHOUT_CLAIM',
      severity: 'warning',
      subject: id,
      message: `${id} is in progress, but ${claim === null ? 'nobody holds a claim' : 'its claim names no assignee'}`,
      fix: `Give it back, so that it can be claimed: jit issue release ${id}`,
    }));
}
