import {
  askedAgents,
  chooseAgent,
  type Slot,
  type Subject,
  type WhyNot,
  whyNot,
} from './choose-agent.ts';

/** Why none of the agents that may have an issue takes it now. */
export interface NoAgent {
  readonly reason: 'agents_full' | 'agents_resting' | 'agents_unhealthy' | 'agents_paused';
  readonly detail: string;
}

/** What changes first names the reason: a run ends, a rest ends, a check succeeds, a person says so. */
const BY_CHANGE: readonly (readonly [WhyNot['reason'], NoAgent['reason']])[] = [
  ['full', 'agents_full'],
  ['resting', 'agents_resting'],
  ['unhealthy', 'agents_unhealthy'],
  ['paused', 'agents_paused'],
];

/** Why none of the agents that may have it takes it now: each with its own reason. */
export function noAgent(subject: Subject, slots: readonly Slot[]): NoAgent {
  const refusals = askedAgents(subject, slots).flatMap((slot) => whyNot(subject, slot) ?? []);
  const met = new Set(refusals.map(({ reason }) => reason));
  const [, reason] = BY_CHANGE.find(([why]) => met.has(why)) ?? ['full', 'agents_full'];
  const isOnlyRoom = refusals.every((each) => each.reason === 'full');
  const what = isOnlyRoom ? 'no agent has room' : 'no agent can take it now';
  return { reason, detail: `${what}: ${refusals.map(({ detail }) => detail).join('; ')}` };
}

/** A start at another agent than the one an issue is reserved for. */
export interface Stolen {
  readonly agent: string;
  readonly stolenFrom: string;
  readonly detail: string;
}

/**
 * Who gets a reserved issue whose own agent could not take it for too long, or null: it is not that long
 * yet, nobody else has room, or its agent failed at it, which is for people to look at.
 */
export function stealFor(
  subject: Subject,
  slots: readonly Slot[],
  {
    since,
    afterSecs,
    now,
  }: { readonly since: string | undefined; readonly afterSecs: number; readonly now: number },
): Stolen | null {
  const { issue } = subject;
  if (issue.assignee === null || since === undefined || afterSecs <= 0) return null;
  if (!(now - Date.parse(since) >= afterSecs * 1000)) return null;
  const own = slots.find(({ id }) => id === issue.assignee);
  const why = own === undefined ? null : whyNot(subject, own);
  if (why === null || why.reason === 'excluded') return null;
  const other = chooseAgent({ ...subject, issue: { ...issue, assignee: null } }, slots);
  if (other === undefined) return null;
  return {
    agent: other.id,
    stolenFrom: issue.assignee,
    detail: `waited since ${since} for ${issue.assignee} (${why.detail}), and ${other.id} has room`,
  };
}
