import type { Assessment } from '../assessing/assess.ts';
import type { Slot } from './candidate.ts';
import { askedAgents, type WhyNot, whyNot } from './choose-agent.ts';
import { reservedFor } from './reservation.ts';
import { type MatchParts, matches } from './score.ts';
import { inOrder } from './strategies.ts';
import type { ChoosingRules, Subject } from './subject.ts';

/** How one agent stands to one issue. */
export interface AgentView {
  readonly agent: string;
  /** `free` could take it now; `not_asked`: it is reserved for another one. */
  readonly standing: 'chosen' | 'free' | 'not_asked' | WhyNot['reason'];
  readonly detail: string;
  /** What it offers and labels of the issue name. */
  readonly tags: readonly string[];
  /** How well it fits, 0 to 1. */
  readonly score: number;
  readonly parts: MatchParts;
}

/** Everything a decision about an issue was made from. */
export interface DecisionRecord {
  readonly assessment: Assessment;
  readonly rules: ChoosingRules;
  /** Who got it, or null. */
  readonly agent: string | null;
  /** In the order of the strategy; those that can't have it come last. */
  readonly agents: readonly AgentView[];
  /** Who else could have got it, the best first. */
  readonly alternatives: readonly string[];
}

/**
 * Writes down what is decided about an issue, before room is taken for it.
 * @param chosen who gets it, and in words why; null: nobody
 */
export function recordOf(
  subject: Subject,
  slots: readonly Slot[],
  chosen: { readonly agent: string; readonly detail: string } | null,
): DecisionRecord {
  const asked = new Set(askedAgents(subject, slots).map(({ id }) => id));
  const views = inOrder(subject, slots, slots).map(
    ({ slot, match }): AgentView => ({
      agent: slot.id,
      tags: matches(subject.issue.labels, slot),
      ...match,
      ...standing(subject, slot, { chosen, isAsked: asked.has(slot.id) }),
    }),
  );
  const isAble = ({ standing }: AgentView) => standing === 'chosen' || standing === 'free';
  const agents = [...views.filter(isAble), ...views.filter((view) => !isAble(view))];
  return {
    assessment: subject.assessment,
    rules: subject.rules,
    agent: chosen?.agent ?? null,
    agents,
    alternatives: agents.flatMap((view) => (view.standing === 'free' ? view.agent : [])),
  };
}

function standing(
  subject: Subject,
  slot: Slot,
  {
    chosen,
    isAsked,
  }: {
    readonly chosen: { readonly agent: string; readonly detail: string } | null;
    readonly isAsked: boolean;
  },
): Pick<AgentView, 'standing' | 'detail'> {
  if (chosen?.agent === slot.id) return { standing: 'chosen', detail: chosen.detail };
  if (!isAsked) return { standing: 'not_asked', detail: `reserved for ${reservedFor(subject)}` };
  const refusal = whyNot(subject, slot);
  if (refusal !== null) return { standing: refusal.reason, detail: refusal.detail };
  return { standing: 'free', detail: `${slot.capacity - slot.free} of ${slot.capacity} in use` };
}
