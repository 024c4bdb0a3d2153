import type { Decision } from '../planning/plan-cycle.ts';
import type { Log } from './log.ts';

/**
 * Logs decisions: every start, but not again when the cycle before was to make it and its repository
 * failed, as it does all the while that a disk is full; a wait when it is new or its reason changed.
 */
export function createDecisionReport(
  log: Log,
): (decisions: readonly Decision[], failed: ReadonlySet<string>) => void {
  let waits = new Map<string, string>();
  let starts = new Set<string>();
  return (decisions, failed) => {
    const now = new Map<string, string>();
    const begun = new Set<string>();
    for (const decision of decisions) {
      const { issue } = decision;
      const where = issue.repository === '' ? {} : { repository: issue.repository };
      if (decision.action === 'start') {
        const start = `${issue.key} ${decision.agent}`;
        begun.add(start);
        if (failed.has(issue.repository) && starts.has(start)) continue;
        const message = `${issue.title} (${decision.detail})`;
        log({
          level: 'info',
          event: 'start',
          message,
          ...where,
          issue: issue.id,
          agent: decision.agent,
        });
        continue;
      }
      if (decision.action === 'escalate') continue; // said once it is done
      const { reason, detail } = decision;
      now.set(issue.key, reason);
      if (waits.get(issue.key) !== reason)
        log({
          level: 'info',
          event: 'wait',
          message: `${issue.title} (${detail})`,
          ...where,
          issue: issue.id,
          reason,
        });
    }
    waits = now;
    starts = begun;
  };
}
