import { doubleClaimInWords, doubleClaimOf } from '../double-claim.ts';
import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Issues that were claimed on both sides of a merge, until the next change notes it in the log. */
export function doubleClaims({ issues }: TrackerFacts): readonly Finding[] {
  return issues.flatMap(({ id, conflicts }) =>
    conflicts
      .map(doubleClaimOf)
      .filter((found) => found !== null)
      .map((found) => ({
        code: 'DOUBLE_CLAIM' as const,
        severity: 'warning' as const,
        subject: id,
        message: doubleClaimInWords(id, found),
        fix: `Tell ${found.loser.assignee} to stop; what was done there is not lost, it is in git. The next change notes it in the log.`,
      })),
  );
}
