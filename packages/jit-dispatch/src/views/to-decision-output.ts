import type { DecisionOutput } from '@jit/contract/outputs/dispatch';
import type { Decision } from '../planning/plan-cycle.ts';

/** A decision as people and programs see it. */
export function toDecisionOutput(decision: Decision): DecisionOutput {
  const { issue, aged, action, detail } = decision;
  const { id, title, priority } = issue;
  const repository = issue.repository || null;
  const common = { repository, issue: id, title, priority, effective_priority: aged, action };
  return action === 'start'
    ? {
        ...common,
        agent: decision.agent,
        stolen_from: decision.stolenFrom,
        reason: 'chosen',
        detail,
      }
    : { ...common, agent: null, stolen_from: null, reason: decision.reason, detail };
}
