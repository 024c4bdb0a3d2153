import type { EventOutput } from '@jit/contract/outputs/event';
import { ESCALATED_LABEL, type EventType } from '@jit/contract/vocabulary';
import type { HeldClaim, LogEntry } from './read-log.ts';
import { authorOf, isComment, type SeenIssue, timeText } from './to-issue.ts';

/** An event, and the place of its comment. */
type Draft = Readonly<Record<string, unknown>> & {
  readonly type: EventType;
  readonly at: number;
  readonly actor: string;
  readonly comment: number;
};

/** Digits of the ids of comments. */
const DIGITS = 16;

/**
 * What a log would have noted of an issue, oldest first, as far as comments and labels tell it. That a person took
 * the label off which asks them to look is seen from the label that is gone, before the next claim.
 */
export function toEvents(seen: SeenIssue, now: number): readonly EventOutput[] {
  const { issue, log } = seen;
  const byComment = new Map(log.claims.map((claim) => [claim.comment, claim]));
  const drafts: Draft[] = [];
  /** The comment that asked people to look and was not answered yet. */
  let asked: LogEntry | null = null;
  let held: HeldClaim | null = null;
  for (const entry of log.entries) {
    const at = Date.parse(entry.created_at);
    const { marker } = entry;
    const claim = entry.claim === null ? undefined : byComment.get(entry.claim);
    if (claim !== undefined) {
      if (claim.resumes === null) {
        if (held !== null && held.end === null) drafts.push(expired(held));
        if (asked !== null) drafts.push(cleared(entry.id, at));
        asked = null;
      }
      held = claim;
      drafts.push(claimed(claim, at));
    } else if (marker?.kind === 'release' && held?.end?.comment === entry.id) {
      drafts.push(ended(held, at));
    } else if (isComment(entry)) {
      drafts.push({
        type: 'comment_added',
        at,
        actor: authorOf(entry),
        comment: entry.id,
        text: entry.text,
      });
      if (marker?.kind !== 'comment' || !marker.labels.includes(ESCALATED_LABEL)) continue;
      // Nobody can be asked twice without having answered.
      if (asked !== null) drafts.push(cleared(entry.id, at));
      asked = entry;
      drafts.push({
        ...labelled([], [ESCALATED_LABEL]),
        at,
        actor: authorOf(entry),
        comment: entry.id,
      });
    }
  }
  const last = log.entries.at(-1)?.id ?? 0;
  if (held !== null && held.end === null && issue.state === 'open' && held.until <= now)
    drafts.push({ ...expired(held), comment: last });
  const isOn = [...issue.labels, ...log.pendingLabels].includes(ESCALATED_LABEL);
  if (asked !== null && !isOn) drafts.push(cleared(last, Date.parse(issue.updated_at)));
  return drafts.map(({ comment, type, at, ...rest }, index) => ({
    id: `${String(comment).padStart(DIGITS, '0')}-${String(index).padStart(6, '0')}`,
    at: timeText(at),
    type,
    issue: String(issue.number),
    ...rest,
  }));
}

function claimed({ agent, attempt, ttl_secs, by, resumes, comment }: HeldClaim, at: number): Draft {
  const type = resumes === null ? 'claimed' : 'claim_resumed';
  return { type, at, actor: by, comment, attempt, assignee: agent, ttl_secs };
}

function expired({ agent, attempt, until, comment }: HeldClaim): Draft {
  return { type: 'claim_expired', at: until, actor: agent, comment, attempt, assignee: agent };
}

function ended({ agent, attempt, end }: HeldClaim, at: number): Draft {
  if (end === null) throw new Error('a claim that has not ended');
  const { by: actor, comment, how, reason, failed, defer_until } = end;
  if (how !== 'released')
    return {
      type: 'state_changed',
      at,
      actor,
      comment,
      attempt,
      from: 'in_progress',
      to: how,
      cause: 'update',
    };
  const facts = { attempt, assignee: agent, reason, failed, defer_until };
  return { type: 'claim_released', at, actor, comment, ...facts };
}

function cleared(comment: number, at: number): Draft {
  return { ...labelled([ESCALATED_LABEL], []), at, actor: '', comment };
}

function labelled(from: readonly string[], to: readonly string[]) {
  return { type: 'issue_updated', changes: { labels: { from, to } } } as const;
}
