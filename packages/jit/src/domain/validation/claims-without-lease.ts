import { isUnfinished } from '../issue.ts';
import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Claims that never end by themselves: whoever took the issue may be gone. */
export function claimsWithoutLease({ issues }: TrackerFacts): readonly Finding[] {
  return issues.filter(isUnfinished).flatMap(({ id, claim, assignee }) => {
    if (claim === null || claim.ttl_secs !== null) return [];
    return [
      {
        code: 'CLAIM_WITHOUT_LEASE' as const,
        severity: 'warning' as const,
        subject: id,
        message: `${id} is claimed by ${assignee ?? 'somebody'} since ${claim.since} without a lease`,
        fix: `If nobody works on it any more: jit issue release ${id}. Claims with --ttl SECS end by themselves.`,
      },
    ];
  });
}
