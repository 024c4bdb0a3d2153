import type { Decision } from '../../planning/plan-cycle.ts';
import { toRecordOutput } from '../../views/to-decision-output.ts';
import type { Start } from './create-run.ts';

/** A decision as what is to be started, with what is kept of it in history. */
export function toStart(decision: Decision & { readonly action: 'start' }): Start {
  const { issue, agent, stolenFrom, failures, record } = decision;
  const { taskType, classed } = record.assessment;
  return {
    issue,
    agent,
    stolenFrom,
    failures,
    record: {
      taskType: taskType.name,
      class: classed?.is === 'classed' ? classed.classification.class : null,
      score: record.agents.find((each) => each.agent === agent)?.score ?? null,
      whole: toRecordOutput(record),
    },
  };
}
