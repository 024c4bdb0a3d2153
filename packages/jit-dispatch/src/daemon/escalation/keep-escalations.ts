import { ESCALATED_LABEL } from '@jit/contract/vocabulary';
import type { Escalation } from '../../ledger/escalations.ts';
import { dueEscalation } from '../../planning/due-escalation.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { resumeEscalation } from './escalate.ts';
import { tellPeople } from './tell-people.ts';

/** How long a call that was given up may still be under way in the tracker. */
const IN_FLIGHT_MS = 10 * 60_000;

/**
 * Sees to the escalations that were begun earlier: finishes what a crash left, ends those that a person has
 * cleared, and reminds people of the others when it is time. Nothing is asked where none is open.
 */
export async function keepEscalations(dispatcher: Dispatcher): Promise<void> {
  const { ledger, config, now } = dispatcher;
  const due = ledger.openEscalations().map((escalation) => ({
    escalation,
    what: dueEscalation(escalation, config.escalation, now().getTime()),
  }));
  for (const { escalation, what } of due) {
    if (what === 'resume') await resume(dispatcher, escalation);
  }
  await look(
    dispatcher,
    due.filter(({ what }) => what !== 'resume'),
  );
}

/** What is not in the tracker by now will not come any more; whoever wants it begins anew. */
async function resume(dispatcher: Dispatcher, escalation: Escalation): Promise<void> {
  const outcome = await resumeEscalation(dispatcher, escalation);
  const age = dispatcher.now().getTime() - Date.parse(escalation.created_at);
  if (outcome === 'not_yet' && age > IN_FLIGHT_MS) end(dispatcher, escalation);
}

/** An escalation, and whether people are to be told of it now. */
interface Due {
  readonly escalation: Escalation;
  readonly what: ReturnType<typeof dueEscalation>;
}

async function look(dispatcher: Dispatcher, open: readonly Due[]): Promise<void> {
  const calls = open.map(({ escalation: { issue } }) => ({ do: 'show', issue }) as const);
  const answers = await dispatcher.tracker.call(calls);
  for (const [index, { escalation, what }] of open.entries()) {
    const answer = answers[index];
    if (answer === undefined || answer.is === 'unknown') continue;
    if (answer.is === 'refused' && answer.retryable) continue;
    const issue = answer.is === 'ok' ? answer.issues[0] : undefined;
    const isWanted =
      issue?.labels.includes(ESCALATED_LABEL) &&
      !['done', 'rejected', 'archived'].includes(issue.state);
    if (!isWanted) end(dispatcher, escalation);
    else if (what !== 'wait') tellPeople(dispatcher, escalation);
  }
}

function end({ ledger, now }: Dispatcher, { id }: Escalation): void {
  ledger.changeEscalation(id, { ended_at: now().toISOString() });
}
