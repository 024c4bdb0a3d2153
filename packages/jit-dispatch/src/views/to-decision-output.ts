import type { DecisionOutput } from '@jit/contract/outputs/dispatch';
import type { Decision } from '../planning/plan-cycle.ts';

/** A decision as people and programs see it. */
export function toDecisionOutput(decision: Decision): DecisionOutput {
  const { issue, action, detail } = decision;
  const { title, priority } = issue;
  const facts = { repository: issue.repository || null, issue: issue.id, title, priority };
  return action === 'start'
    ? { ...facts, action, agent: decision.agent, reason: 'chosen', detail }
    : { ...facts, action, agent: null, reason: decision.reason, detail };
}
