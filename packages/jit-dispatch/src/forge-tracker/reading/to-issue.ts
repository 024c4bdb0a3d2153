import type { BlockerOutput, IssueItemOutput, IssueOutput } from '@jit/contract/outputs/issue';
import type { ShownState } from '@jit/contract/vocabulary';
import type { ForgeIssue } from '../../forge/forge.ts';
import { readCriteria } from './acceptance-criteria.ts';
import { agentIn, fillAgent } from './agent-label.ts';
import { priorityOf } from './priority-of.ts';
import { type HeldClaim, type IssueLog, type LogEntry, liveClaim } from './read-log.ts';
import type { ForgeRules } from './rules.ts';

/** An issue with all that is known of it. */
export interface SeenIssue {
  readonly issue: ForgeIssue;
  readonly log: IssueLog;
}

/** The labels that it has, and those that were to be put on with a comment. */
export function labelsOf({ issue, log }: SeenIssue): readonly string[] {
  return [...new Set([...issue.labels, ...log.pendingLabels])];
}

/** The claim that holds an open issue. */
export function claimOf({ issue, log }: SeenIssue, now: number): HeldClaim | null {
  return issue.state === 'closed' ? null : liveClaim(log, now);
}

/** Who has it or may have it: its holder, else the agent whose label is on, else who is assigned. */
export function assigneeOf(seen: SeenIssue, rules: ForgeRules, now: number): string | null {
  const { issue, log } = seen;
  const claim = claimOf(seen, now);
  if (claim !== null) return claim.agent;
  // A lease that ended by itself left label and assignee behind.
  const last = log.claims.at(-1);
  const left = last !== undefined && last.end === null ? last.agent : null;
  const agents = issue.labels.flatMap((label) => agentIn(rules.agentLabel, label) ?? []);
  const named = agents.find((agent) => agent !== left);
  if (named !== undefined) return named;
  const { assign } = rules;
  const leftLogin = left === null || assign === null ? null : fillAgent(assign, left);
  return issue.assignees.find((login) => login !== leftLogin) ?? null;
}

/** Whether it has all labels of the filter. */
export function isWanted(seen: SeenIssue, { labels }: ForgeRules): boolean {
  return labels.every((label) => seen.issue.labels.includes(label));
}

/** Its state, in the words of jit. Of what is closed, only `completed` or no reason at all is done. */
export function stateOf(seen: SeenIssue, rules: ForgeRules, now: number): ShownState {
  const { issue } = seen;
  if (issue.state === 'closed') {
    const { state_reason } = issue;
    return state_reason === null || state_reason === 'completed' ? 'done' : 'rejected';
  }
  if (claimOf(seen, now) !== null) return 'in_progress';
  return blockersOf(seen, now).length > 0 || !isWanted(seen, rules) ? 'open' : 'ready';
}

/** What holds it back: only a rest, forges know no other. */
export function blockersOf({ log }: SeenIssue, now: number): BlockerOutput[] {
  const { restsUntil } = log;
  if (restsUntil === null || restsUntil <= now) return [];
  return [{ type: 'deferred', until: timeText(restsUntil) }];
}

/** How often it was claimed. */
export function attemptOf({ log }: SeenIssue): number {
  return log.claims.at(-1)?.attempt ?? 0;
}

/** One row of a list. */
export function toItem(seen: SeenIssue, rules: ForgeRules, now: number): IssueItemOutput {
  const { issue } = seen;
  const id = String(issue.number);
  const claim = claimOf(seen, now);
  return {
    id,
    short_id: id,
    title: issue.title,
    state: stateOf(seen, rules, now),
    priority: priorityOf(issue.labels),
    assignee: assigneeOf(seen, rules, now),
    labels: [...labelsOf(seen)],
    blockers: issue.state === 'open' && claim === null ? blockersOf(seen, now) : [],
    attempt: attemptOf(seen),
    claim: claim && toClaim(claim),
    last_claim: issue.state === 'open' && claim === null ? lastClaim(seen.log) : null,
    created_at: timeText(Date.parse(issue.created_at)),
  };
}

/** The whole issue. */
export function toIssue(seen: SeenIssue, rules: ForgeRules, now: number): IssueOutput {
  const { issue, log } = seen;
  const said = log.entries.filter(isComment);
  const last = log.entries.at(-1);
  return {
    ...toItem(seen, rules, now),
    description: issue.body,
    acceptance_criteria: [...readCriteria(issue.body)],
    dependencies: [],
    dependents: [],
    gates: [],
    defer_until: log.restsUntil === null ? null : timeText(log.restsUntil),
    documents: [],
    links: { [rules.kind]: issue.url, ...linksIn(log.metadata) },
    metadata: withoutLinks(log.metadata),
    conflicts: [],
    comments: said.map((entry) => ({
      id: String(entry.id),
      at: timeText(Date.parse(entry.created_at)),
      by: authorOf(entry),
      text: entry.text,
    })),
    created_by: issue.author ?? '',
    // Changes of labels are nobody's sign of life; comments are.
    updated_at: timeText(Date.parse(last?.created_at ?? issue.created_at)),
    updated_by: last === undefined ? (issue.author ?? '') : authorOf(last),
  };
}

/** Before the names of links that stand with the metadata: a forge keeps none of ours. */
export const LINK_PREFIX = 'link.';

function linksIn(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([key, value]) =>
      key.startsWith(LINK_PREFIX) ? [[key.slice(LINK_PREFIX.length), value]] : [],
    ),
  );
}

function withoutLinks(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).filter(([key]) => !key.startsWith(LINK_PREFIX)),
  );
}

/** Whether an entry is something that was said, and not the bookkeeping of a dispatcher. */
export function isComment({ marker }: LogEntry): boolean {
  return marker === null || marker.kind === 'comment';
}

/** Under which name it was written. */
export function authorOf({ marker, author }: LogEntry): string {
  return marker?.by || (author ?? '');
}

export function toClaim(claim: HeldClaim): NonNullable<IssueOutput['claim']> {
  const { attempt, since, ttl_secs } = claim;
  return { attempt, since: timeText(since), ttl_secs, expires_at: expiryOf(claim) };
}

/** When the lease of a claim ends; null: it has none. */
export function expiryOf({ until }: HeldClaim): string | null {
  return Number.isFinite(until) ? timeText(until) : null;
}

function lastClaim({ claims }: IssueLog): IssueOutput['last_claim'] {
  const last = claims.at(-1);
  if (last === undefined) return null;
  const { agent, attempt, end, until } = last;
  if (end === null)
    return { assignee: agent, attempt, ended_at: timeText(until), reason: 'expired' };
  const how = end.failed === null ? end.how : `failed (${end.failed})`;
  const reason = end.reason === null ? how : `${how}: ${end.reason}`;
  return { assignee: agent, attempt, ended_at: timeText(end.at), reason };
}

/** RFC 3339 in UTC. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
