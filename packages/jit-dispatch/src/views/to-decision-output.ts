import type { DecisionRecordOutput } from '@jit/contract/outputs/decision-record';
import type { DecisionOutput } from '@jit/contract/outputs/dispatch';
import type { DecisionRecord } from '../planning/choosing/decision-record.ts';
import type { Decision } from '../planning/plan-cycle.ts';

/**
 * A decision as people and programs see it.
 * @param asked what it was made from, where that was looked at; a start has it in any case
 */
export function toDecisionOutput(
  decision: Decision,
  asked: DecisionRecord | null = null,
): DecisionOutput {
  const { issue, aged, action, detail } = decision;
  const { id, title, priority } = issue;
  const repository = issue.repository || null;
  const record = decision.action === 'start' ? decision.record : asked;
  const common = {
    repository,
    issue: id,
    title,
    priority,
    effective_priority: aged,
    action,
    record: record && toRecordOutput(record),
  };
  return decision.action === 'start'
    ? {
        ...common,
        agent: decision.agent,
        stolen_from: decision.stolenFrom,
        reason: 'chosen',
        detail,
      }
    : { ...common, agent: null, stolen_from: null, reason: decision.reason, detail };
}

/** What a decision was made from, as people and programs see it. */
export function toRecordOutput({
  assessment,
  rules,
  agent,
  agents,
  alternatives,
}: DecisionRecord): DecisionRecordOutput {
  const { taskType, role, needs, classed, risk, wishes, tokens } = assessment;
  const { strategy, seed } = rules;
  const known = classed?.is === 'classed' ? classed.classification : null;
  return {
    strategy: strategy.agent === null ? strategy.name : `${strategy.name}:${strategy.agent}`,
    seed,
    task_type: { ...taskType },
    role,
    needs: [...needs],
    class: known && {
      class: known.class,
      confidence: known.confidence,
      by: known.by,
      unsure: known.isUnsure,
      detail: known.detail,
    },
    unclassified: classed?.is === 'unclassified' ? { ...classed.why } : null,
    risk: risk && {
      score: risk.score,
      threshold: risk.threshold,
      high: risk.isHigh,
      by: risk.by,
      detail: risk.detail,
    },
    wishes: {
      to: wishes.to,
      prefer: wishes.prefer,
      exclude: [...wishes.exclude],
      token_budget: wishes.tokenBudget,
      max_attempts: wishes.maxAttempts,
      problems: [...wishes.problems],
    },
    text_tokens: tokens,
    agent,
    alternatives: [...alternatives],
    agents: agents.map((view) => ({ ...view, tags: [...view.tags], parts: { ...view.parts } })),
  };
}
