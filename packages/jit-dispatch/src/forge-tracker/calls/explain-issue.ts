import type { ExplanationOutput, ReasonOutput } from '@jit/contract/outputs/explanation';
import { type Desk, mustLook } from '../desk.ts';
import type { ForgeRules } from '../reading/rules.ts';
import {
  claimOf,
  expiryOf,
  isWanted,
  type SeenIssue,
  timeText,
  toItem,
} from '../reading/to-issue.ts';

/** Why an issue is or is not ready, and what would change that. */
export async function explainIssue(desk: Desk, id: string): Promise<ExplanationOutput> {
  const { rules, view } = desk;
  const seen = await mustLook(desk, id);
  const { title, state } = toItem(seen, rules(), view.now());
  const reason = reasonOf(seen, rules(), view.now());
  const { words, next } = inWords(seen, reason, rules());
  return {
    id,
    short_id: id,
    title,
    state,
    ready: state === 'ready',
    summary: `${words}.`,
    chain: [{ id, short_id: id, title, state, via: null, depth: 0, reasons: [reason] }],
    roots: [{ issue: id, reason, words, next }],
  };
}

function reasonOf(seen: SeenIssue, rules: ForgeRules, now: number): ReasonOutput {
  const { issue, log } = seen;
  if (issue.state === 'closed') {
    const end = log.claims.at(-1)?.end ?? null;
    const isOurs = end !== null && end.how !== 'released';
    return {
      type: 'finished',
      at: timeText(Date.parse(isOurs ? timeText(end.at) : issue.updated_at)),
      by: isOurs ? end.by : null,
      reason: issue.state_reason,
    };
  }
  const claim = claimOf(seen, now);
  if (claim !== null) {
    const { agent: assignee, attempt, since } = claim;
    return {
      type: 'claimed',
      assignee,
      attempt,
      since: timeText(since),
      expires_at: expiryOf(claim),
    };
  }
  const { restsUntil } = log;
  if (restsUntil !== null && restsUntil > now)
    return { type: 'deferred', until: timeText(restsUntil) };
  return { type: 'unclaimed', reserved_for: toItem(seen, rules, now).assignee };
}

function inWords(
  seen: SeenIssue,
  reason: ReasonOutput,
  rules: ForgeRules,
): { words: string; next: string } {
  const id = String(seen.issue.number);
  const missing = rules.labels.filter((label) => !seen.issue.labels.includes(label));
  switch (reason.type) {
    case 'finished':
      return { words: `${id} is closed`, next: `reopen ${seen.issue.url} if there is more to do` };
    case 'claimed': {
      const gone =
        missing.length === 0
          ? ''
          : `; it lost the labels ${missing.join(', ')}, which its agent does not mind`;
      return {
        words: `${reason.assignee} holds ${id} since ${reason.since}, lease until ${reason.expires_at}${gone}`,
        next: `${reason.assignee} finishes it or gives it back; without a heartbeat it is free soon after ${reason.expires_at}`,
      };
    }
    case 'deferred':
      return {
        words: `${id} rests until ${reason.until}`,
        next: `wait until ${reason.until}, or: jit-dispatch dispatch ${id}`,
      };
    default:
      if (!isWanted(seen, rules))
        return {
          words: `${id} has not the labels ${missing.join(', ')}`,
          next: `put them on: ${seen.issue.url}`,
        };
      if (reason.type === 'unclaimed' && reason.reserved_for !== null)
        return {
          words: `${id} is ready and reserved for ${reason.reserved_for}`,
          next: `take the label or the assignee off: ${seen.issue.url}`,
        };
      return {
        words: `${id} is ready, nobody has claimed it`,
        next: 'a dispatcher with room takes it',
      };
  }
}
