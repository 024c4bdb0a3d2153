import { ESCALATED_LABEL } from '@jit/contract/vocabulary';
import type { Escalation } from '../../ledger/escalations.ts';
import { dueEscalation } from '../../planning/due-escalation.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { resumeEscalation } from './escalate.ts';
import { tellPeople } from './tell-people.ts';

/** How long a call that was given up may still be under way in the tracker. */
const IN_FLIGHT_MS = 10 * 60_000;

/**
 * Sees to the escalations that were begun earlier: finishes what a crash left, and reminds people
 * while the label is on and the work is not over. Nothing is asked where nothing is due.
 */
export async function keepEscalations(dispatcher: Dispatcher): Promise<void> {
  const { ledger, config, now } = dispatcher;
  const due = ledger.openEscalations().map((escalation) => ({
    escalation,
    what: dueEscalation(escalation, config.escalation, now().getTime()),
  }));
  for (const { escalation, what } of due) {
    if (what === 'resume') await resume(dispatcher, escalation);
    if (what === 'end') end(dispatcher, escalation);
  }
  const untold = due.filter(({ what }) => what === 'tell' || what === 'remind');
  await tell(
    dispatcher,
    untold.map(({ escalation }) => escalation),
  );
}

/** What is not in the tracker by now will not come any more; whoever wants it begins anew. */
async function resume(dispatcher: Dispatcher, escalation: Escalation): Promise<void> {
  const outcome = await resumeEscalation(dispatcher, escalation);
  const age = dispatcher.now().getTime() - Date.parse(escalation.created_at);
  if (outcome === 'not_yet' && age > IN_FLIGHT_MS) end(dispatcher, escalation);
}

async function tell(dispatcher: Dispatcher, escalations: readonly Escalation[]): Promise<void> {
  const calls = escalations.map(({ issue }) => ({ do: 'show', issue }) as const);
  const answers = await dispatcher.tracker.call(calls);
  for (const [index, escalation] of escalations.entries()) {
    const answer = answers[index];
    if (answer === undefined || answer.is === 'unknown') continue;
    if (answer.is === 'refused' && answer.retryable) continue;
    const issue = answer.is === 'ok' ? answer.issues[0] : undefined;
    const isWanted =
      issue?.labels.includes(ESCALATED_LABEL) &&
      !['done', 'rejected', 'archived'].includes(issue.state);
    if (isWanted) tellPeople(dispatcher, escalation);
    else end(dispatcher, escalation);
  }
}

function end({ ledger, now }: Dispatcher, { id }: Escalation): void {
  ledger.changeEscalation(id, { ended_at: now().toISOString() });
}
