import type { Escalation } from '../../ledger/escalations.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { countHooks, tellHook } from './run-hook.ts';

/** Hooks of escalations at a time: as many as one cycle escalates. Those that hang make no flood. */
const MAX_HOOKS = 20;

/** What this process has told already, also where the ledger could not note it. */
const told = new WeakMap<Dispatcher, Set<string>>();

/**
 * Tells people about an escalation, for the first time or again. It is noted before, so that a full
 * disk makes no flood, and after, so that a crash in between makes it told once more, not forgotten.
 * Where too many hooks are under way nothing is noted: it is due again in the next cycle.
 */
export function tellPeople(dispatcher: Dispatcher, escalation: Escalation): void {
  const { ledger, now, step } = dispatcher;
  if (countHooks(dispatcher) >= MAX_HOOKS) return;
  const { id, issue, title, reason, detail } = escalation;
  const isUnsure = escalation.told > 0 && escalation.told_at === null;
  const count = isUnsure ? escalation.told : escalation.told + 1;
  const at = now().toISOString();
  const done = told.get(dispatcher) ?? new Set();
  told.set(dispatcher, done);
  if (!done.has(`${id} ${count}`)) {
    const data = { told: count };
    ledger.recordEscalation(id, { type: 'notified', at, data }, { told: count, told_at: null });
    step('notifying');
    done.add(`${id} ${count}`);
    const what = { event: 'escalated', escalation: id, count };
    tellHook(dispatcher, { ...what, issue, title, reason, detail, at });
    step('hook_started');
  }
  ledger.changeEscalation(id, { told_at: at });
  step('notified');
}
