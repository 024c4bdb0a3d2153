import type { Decision } from '../planning/plan-cycle.ts';
import type { Log } from './log.ts';

/** Logs decisions: every start, and a wait when it is new or its reason changed. */
export function createDecisionReport(log: Log): (decisions: readonly Decision[]) => void {
  let waits = new Map<string, string>();
  return (decisions) => {
    const now = new Map<string, string>();
    for (const decision of decisions) {
      const { issue } = decision;
      if (decision.action === 'start') {
        const message = `${issue.title} (${decision.detail})`;
        log({ level: 'info', event: 'start', message, issue: issue.id, agent: decision.agent });
        continue;
      }
      if (decision.action === 'escalate') continue; // said once it is done
      const { reason, detail } = decision;
      now.set(issue.id, reason);
      if (waits.get(issue.id) !== reason)
        log({
          level: 'info',
          event: 'wait',
          message: `${issue.title} (${detail})`,
          issue: issue.id,
          reason,
        });
    }
    waits = now;
  };
}
