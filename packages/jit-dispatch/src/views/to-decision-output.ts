import type { DecisionOutput } from '@jit/contract/outputs/dispatch';
import type { Decision } from '../planning/plan-cycle.ts';

/** A decision as people and programs see it. */
export function toDecisionOutput(decision: Decision): DecisionOutput {
  const { issue, action, detail } = decision;
  const { id, title, priority } = issue;
  return action === 'start'
    ? { issue: id, title, priority, action, agent: decision.agent, reason: 'chosen', detail }
    : { issue: id, title, priority, action, agent: null, reason: decision.reason, detail };
}
