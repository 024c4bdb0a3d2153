import type { DispatchExplanationOutput } from '@jit/contract/outputs/dispatch-explanation';
import type { Run } from '../ledger/run.ts';
import type { Examination } from '../planning/examine.ts';
import type { TrackerIssue } from '../tracker/tracker.ts';
import { type HintFacts, WHAT_ENDS_A_WAIT, WHAT_ENDS_AN_ESCALATION } from './what-next.ts';

/** What a verdict is made from. */
export interface VerdictFacts {
  readonly issue: TrackerIssue;
  readonly repository: string;
  /** Null: it is not in the plan. */
  readonly examination: Examination | null;
  readonly run: Run | null;
  readonly blocked: DispatchExplanationOutput['blocked'];
  readonly daemon: DispatchExplanationOutput['daemon'];
}

type Verdict = Pick<DispatchExplanationOutput, 'verdict' | 'reason' | 'summary' | 'next'>;

/** What the next cycle does with an issue, in a word and in words, and what would change that. */
export function verdictOf(facts: VerdictFacts): Verdict {
  const { issue, examination, run } = facts;
  if (examination !== null) return planned(facts, examination);
  if (run !== null)
    return {
      verdict: 'running',
      reason: run.state,
      summary: `${run.agent} works on it: run ${run.run} is ${run.state}`,
      next: [`jit-dispatch logs ${run.run} shows what it prints`],
    };
  return { ...unplanned(facts), reason: issue.state };
}

function planned(
  { issue, repository, daemon }: VerdictFacts,
  { decision, place, decisions, startsBefore }: Examination,
): Verdict {
  const { to } = decision.issue.assessment.wishes;
  const facts: HintFacts = { issue: issue.id, repository, assignee: issue.assignee, to };
  const where = `${ordinal(place)} of ${decisions.length} ready, ${startsBefore} start before it`;
  const { detail } = decision;
  if (decision.action === 'start') {
    const next = daemon === null ? 'jit-dispatch once, or start: no daemon is running' : null;
    return {
      verdict: 'starts',
      reason: 'chosen',
      summary: `the next cycle starts it at ${decision.agent} (${where}): ${detail}`,
      next: [next ?? 'the running dispatcher starts it in its next cycle'],
    };
  }
  const { reason } = decision;
  if (decision.action === 'escalate')
    return {
      verdict: 'escalates',
      reason,
      summary: `the next cycle asks a person to look at it: ${detail}`,
      next: [WHAT_ENDS_AN_ESCALATION[decision.reason](facts)],
    };
  return {
    verdict: 'waits',
    reason,
    summary: `it is ready and waits (${where}): ${detail}`,
    next: [WHAT_ENDS_A_WAIT[decision.reason](facts)],
  };
}

/** "1st", "2nd", "11th" */
function ordinal(number: number): string {
  const isTeen = number % 100 > 10 && number % 100 < 14;
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}

const FINISHED: readonly string[] = ['done', 'rejected', 'archived'];

function unplanned({ issue, blocked }: VerdictFacts): Omit<Verdict, 'reason'> {
  const { state, id, assignee } = issue;
  if (FINISHED.includes(state))
    return {
      verdict: 'finished',
      summary: blocked?.summary ?? `it is ${state}: nothing is left to do`,
      next: [state === 'archived' ? 'create a new issue' : `jit issue reopen ${id} opens it again`],
    };
  if (state === 'ready')
    return {
      verdict: 'not_ready',
      summary: 'it changed in this moment',
      next: ['ask again'],
    };
  const by = state === 'in_progress' ? `${assignee ?? 'somebody'} works on it` : null;
  return {
    verdict: 'not_ready',
    summary: by ?? blocked?.summary ?? `it is ${state}, not ready`,
    next:
      blocked === null || blocked.roots.length === 0
        ? [`jit issue explain ${id}`]
        : blocked.roots.map(({ words, next }) => `${words}: ${next}`),
  };
}
