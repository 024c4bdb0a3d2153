import type { StrategyName } from '@jit/contract/vocabulary';
import { isMeant } from '../assessing/wishes.ts';
import type { Slot } from './candidate.ts';
import { draw } from './draw.ts';
import { hasRework } from './exclusion.ts';
import { type Match, matchOf, wantedOf } from './score.ts';
import type { Subject } from './subject.ts';

/** An agent that may have the issue, and how well it fits. */
export interface Fit {
  readonly slot: Slot;
  readonly match: Match;
}

/** Negative where the first is the better choice. */
type Compare = (a: Fit, b: Fit, subject: Subject) => number;

const byScore: Compare = (a, b) => b.match.score - a.match.score;
const byRoom: Compare = (a, b) => b.slot.free - a.slot.free;
const byLoad: Compare = (a, b) => b.match.parts.load - a.match.parts.load;
const byTurn: Compare = (a, b) => a.slot.turn - b.slot.turn;
const byDraw: Compare = (a, b, subject) => drawOf(subject, a) - drawOf(subject, b);
const byOrder: Compare = (a, b) => a.slot.index - b.slot.index;

/** Whom a person prefers comes first, then whoever knows the work best, whatever the strategy. */
const byWish: Compare = ({ slot: a }, { slot: b }, { assessment: { wishes } }) =>
  Number(isMeant(wishes.prefer, b.id)) - Number(isMeant(wishes.prefer, a.id));
const byRework: Compare = ({ slot: a }, { slot: b }, { history }) =>
  Number(hasRework(b.id, history)) - Number(hasRework(a.id, history));

/** What each strategy compares, in this order. */
const STRATEGIES: Readonly<Record<StrategyName, readonly Compare[]>> = {
  'best-match': [byScore, byRoom],
  'round-robin': [byTurn],
  random: [byDraw],
  'least-loaded': [byLoad, byRoom, byScore],
  only: [],
};

/** Agents in the order in which a strategy chooses them. */
export function inOrder(
  subject: Subject,
  candidates: readonly Slot[],
  slots: readonly Slot[],
): Fit[] {
  const compares = [byWish, byRework, ...STRATEGIES[subject.rules.strategy.name], byOrder];
  const wanted = wantedOf(subject, slots);
  return candidates
    .map((slot) => ({ slot, match: matchOf(subject, slot, wanted) }))
    .sort((a, b) => {
      for (const compare of compares) {
        const order = compare(a, b, subject);
        if (order !== 0) return order;
      }
      return 0;
    });
}

/** A retry draws anew; the same snapshot draws the same. */
function drawOf({ issue, history, rules }: Subject, { slot }: Fit): number {
  return draw(`${rules.seed} ${issue.key} ${history.attempts} ${slot.id}`);
}
