import { WISH_KEYS } from '@jit/contract/vocabulary';
import type { Decision } from '../../planning/plan-cycle.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { escalate, timesPostponed } from './escalate.ts';

/** So many in one cycle: each is a call of its own, and the others are still there in the next one. */
const MAX_ESCALATIONS = 20;

/** Escalates what was decided to be; those that could not be escalated before wait behind the others. */
export async function escalateSome(
  dispatcher: Dispatcher,
  decisions: readonly Decision[],
): Promise<void> {
  const wanted = decisions
    .filter((each) => each.action === 'escalate')
    .sort(
      (a, b) => timesPostponed(dispatcher, a.issue.id) - timesPostponed(dispatcher, b.issue.id),
    );
  for (const { issue, reason, detail } of wanted.slice(0, MAX_ESCALATIONS))
    await escalate(dispatcher, {
      issue: issue.id,
      title: issue.title,
      reason,
      detail,
      state: 'ready',
      metadata: issue.assessment.wishes.to === null ? {} : { [WISH_KEYS.to]: '' },
    });
}
