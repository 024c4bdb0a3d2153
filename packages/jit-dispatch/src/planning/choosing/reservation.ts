import { isMeant, type Wishes } from '../assessing/wishes.ts';

/** What says who an issue is for. */
interface Reserved {
  readonly issue: { readonly assignee: string | null };
  readonly assessment: { readonly wishes: Pick<Wishes, 'to'> };
}

/**
 * The only agent that may have an issue, or null: who it is assigned to, else whom a person gave it to. The end
 * of an attempt ends the former, not the latter.
 */
export function reservedFor({ issue, assessment }: Reserved): string | null {
  return issue.assignee ?? assessment.wishes.to;
}

/** Whether it is for this agent and no other. */
export function isReservedFor({ issue, assessment }: Reserved, agent: string): boolean {
  return issue.assignee === null ? isMeant(assessment.wishes.to, agent) : issue.assignee === agent;
}
