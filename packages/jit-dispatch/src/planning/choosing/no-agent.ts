import type { Slot } from './candidate.ts';
import { askedAgents, chooseAgent, type WhyNot, whyNot } from './choose-agent.ts';
import type { Subject } from './subject.ts';

/** Why none of the agents that may have an issue takes it now. */
export interface NoAgent {
  readonly reason:
    | 'agents_full'
    | 'agents_resting'
    | 'agents_unhealthy'
    | 'agents_paused'
    | 'no_suitable_agent';
  readonly detail: string;
}

/** What changes first names the reason: a run ends, a rest ends, a check succeeds, a person says so, other agents come. */
const BY_CHANGE: readonly (readonly [WhyNot['reason'], NoAgent['reason']])[] = [
  ['full', 'agents_full'],
  ['resting', 'agents_resting'],
  ['unhealthy', 'agents_unhealthy'],
  ['paused', 'agents_paused'],
  ['unsuitable', 'no_suitable_agent'],
  ['excluded', 'no_suitable_agent'],
];

const WHAT: Readonly<Record<string, string>> = {
  full: 'no agent has room',
  unsuitable: 'no agent is suitable',
};

/**
 * Why none of the agents that may have it takes it now: each with its own reason. Those that are not suitable
 * are named only where no other one is.
 */
export function noAgent(subject: Subject, slots: readonly Slot[]): NoAgent {
  const refusals = askedAgents(subject, slots).flatMap((slot) => whyNot(subject, slot) ?? []);
  const met = new Set(refusals.map(({ reason }) => reason));
  const [, reason] = BY_CHANGE.find(([why]) => met.has(why)) ?? ['full', 'agents_full'];
  const suitable = refusals.filter((each) => each.reason !== 'unsuitable');
  const told = suitable.length === 0 ? refusals : suitable;
  const what =
    WHAT[told.every((each) => each.reason === told[0]?.reason) ? (told[0]?.reason ?? '') : ''];
  const why = told.map(({ detail }) => detail).join('; ');
  return { reason, detail: `${what ?? 'no agent can take it now'}: ${why}` };
}

/** A start at another agent than the one an issue is reserved for. */
export interface Stolen {
  readonly agent: string;
  readonly stolenFrom: string;
  readonly detail: string;
}

/**
 * Who gets a reserved issue whose own agent could not take it for too long, or null: it is not that long
 * yet, nobody else has room, its agent failed at it, which is for people to look at, or only another one is asked.
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
  const { issue, assessment } = subject;
  if (issue.assignee === null || since === undefined || afterSecs <= 0) return null;
  if (!(now - Date.parse(since) >= afterSecs * 1000)) return null;
  const own = slots.find(({ id }) => id === issue.assignee);
  const why = own === undefined ? null : whyNot(subject, own);
  if (why === null || why.reason === 'excluded' || why.reason === 'unsuitable') return null;
  const free = {
    ...subject,
    issue: { ...issue, assignee: null },
    assessment: { ...assessment, wishes: { ...assessment.wishes, to: null } },
  };
  const other = chooseAgent(free, slots);
  if (other === undefined) return null;
  return {
    agent: other.id,
    stolenFrom: issue.assignee,
    detail: `waited since ${since} for ${issue.assignee} (${why.detail}), and ${other.id} has room`,
  };
}
