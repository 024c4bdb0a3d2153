import { JitError, usageError } from '@jit/contract/errors';
import type { CommentOutput, IssueChangeOutput } from '@jit/contract/outputs/issue';
import type { Priority } from '@jit/contract/vocabulary';
import { type Desk, hashToken, labelOf, mustLook, say } from '../desk.ts';
import { alreadyClaimed, illegalMove, lostClaim } from '../errors.ts';
import { checkOnlyIf } from '../only-if.ts';
import { agentIn, fillAgent } from '../reading/agent-label.ts';
import { type SaidMarker, withMarker } from '../reading/marker.ts';
import { relabel } from '../reading/priority-of.ts';
import {
  assigneeOf,
  claimOf,
  labelsOf,
  type SeenIssue,
  stateOf,
  timeText,
  toIssue,
} from '../reading/to-issue.ts';

/** What is changed of an issue besides its state. */
export interface FieldChange {
  readonly onlyIf: string | undefined;
  readonly addLabels: readonly string[];
  readonly removeLabels: readonly string[];
  /** Undefined: nothing; null: it rests no more. */
  readonly deferUntil: string | null | undefined;
  readonly meta: Readonly<Record<string, string>>;
  /** Said by a label; undefined: as it was. */
  readonly priority?: Priority | undefined;
  readonly token: string | null;
  readonly by: string;
}

/** A change that was checked and can be made. */
export interface Prepared<T> {
  readonly seen: SeenIssue;
  do(): Promise<T>;
}

/**
 * Checks a change of fields. With `said`, labels are put on together with that comment: it is written first, and
 * says what has still to be put on.
 * @throws JitError CONDITION_NOT_MET (6), LOST_CLAIM (7), ILLEGAL_MOVE (4)
 */
export async function prepareUpdate(
  desk: Desk,
  id: string,
  asked: FieldChange,
): Promise<
  Prepared<IssueChangeOutput> & {
    doWith(text: string): Promise<readonly [IssueChangeOutput, CommentOutput]>;
  }
> {
  const { rules, view } = desk;
  const seen = await mustLook(desk, id);
  const labels = labelsOf(seen);
  const change = withPriority(asked, labels);
  checkToken(seen, change.token);
  const assignee = assigneeOf(seen, rules(), view.now());
  checkOnlyIf(change.onlyIf, { id, state: stateOf(seen, rules(), view.now()), labels, assignee });
  const { deferUntil } = change;
  const restsUntil = seen.log.restsUntil === null ? null : timeText(seen.log.restsUntil);
  if (typeof deferUntil === 'string' && seen.issue.state === 'closed')
    throw illegalMove(id, 'closed', 'rest');
  const isChanged =
    change.addLabels.some((label) => !labels.includes(label)) ||
    change.removeLabels.some((label) => labels.includes(label)) ||
    (deferUntil !== undefined && deferUntil !== restsUntil) ||
    Object.entries(change.meta).some(([key, value]) => seen.log.metadata[key] !== value);
  const view_ = (after: SeenIssue): IssueChangeOutput => ({
    ...toIssue(after, rules(), view.now()),
    changed: isChanged,
  });
  return {
    seen,
    do: async () => view_(await make(desk, seen, change)),
    async doWith(text) {
      const { seen: after, comment } = await sayWithLabels(desk, seen, { ...change, text });
      return [view_(await make(desk, after, { ...change, addLabels: [] })), comment];
    },
  };
}

function withPriority(change: FieldChange, labels: readonly string[]): FieldChange {
  if (change.priority === undefined) return change;
  const { add, remove } = relabel(labels, change.priority);
  return {
    ...change,
    addLabels: [...change.addLabels, ...add],
    removeLabels: [...change.removeLabels, ...remove],
  };
}

async function make(desk: Desk, seen: SeenIssue, change: FieldChange): Promise<SeenIssue> {
  const { forge, view } = desk;
  const { number } = seen.issue;
  const { addLabels, removeLabels, deferUntil, meta, by } = change;
  let labels = seen.issue.labels;
  for (const name of addLabels.filter((each) => !labels.includes(each))) {
    await forge.addLabel(number, labelOf(name));
    labels = [...labels, name];
  }
  for (const name of removeLabels.filter((each) => labels.includes(each))) {
    await forge.removeLabel(number, name);
    labels = labels.filter((each) => each !== name);
  }
  view.forget(number);
  let after: SeenIssue = { ...seen, issue: { ...seen.issue, labels } };
  const { restsUntil } = seen.log;
  if (deferUntil !== undefined && (deferUntil !== null || restsUntil !== null)) {
    const text = deferUntil === null ? 'It rests no more.' : `It rests until ${deferUntil}.`;
    after = (await say(desk, after, { text, marker: { kind: 'rest', until: deferUntil, by } }))
      .seen;
  }
  const news = Object.entries(meta).filter(([key, value]) => seen.log.metadata[key] !== value);
  if (news.length > 0) {
    const text = `To be dispatched with ${news.map(([key, value]) => `${key}=${value}`).join(', ')}.`;
    after = (
      await say(desk, after, { text, marker: { kind: 'meta', set: Object.fromEntries(news), by } })
    ).seen;
  }
  return after;
}

async function sayWithLabels(
  desk: Desk,
  seen: SeenIssue,
  { text, addLabels, by }: FieldChange & { readonly text: string },
): Promise<{ readonly seen: SeenIssue; readonly comment: CommentOutput }> {
  const { forge, view, step } = desk;
  const { number } = seen.issue;
  const marker: SaidMarker = {
    kind: 'comment',
    by,
    labels: [...addLabels],
    is_pending: addLabels.length > 0,
  };
  const { seen: after, comment } = await say(desk, seen, { text, marker });
  step('escalation_commented');
  for (const name of addLabels) await forge.addLabel(number, labelOf(name));
  step('escalation_labelled');
  await forge.editComment(comment.id, withMarker(text, { ...marker, is_pending: false }));
  view.forget(number);
  const labels = [...new Set([...seen.issue.labels, ...addLabels])];
  const told = { id: String(comment.id), at: timeText(Date.parse(comment.created_at)), by, text };
  return { seen: { ...after, issue: { ...after.issue, labels } }, comment: told };
}

/** Adds a comment. Errors: LOST_CLAIM (7) for a token that is not current. */
export async function prepareComment(
  desk: Desk,
  id: string,
  {
    text,
    token,
    by,
  }: { readonly text: string; readonly token: string | null; readonly by: string },
): Promise<Prepared<CommentOutput>> {
  if (text.trim() === '') throw usageError('the comment is empty');
  const seen = await mustLook(desk, id);
  checkToken(seen, token);
  return {
    seen,
    async do() {
      const marker: SaidMarker = { kind: 'comment', by, labels: [], is_pending: false };
      const { comment } = await say(desk, seen, { text, marker });
      return { id: String(comment.id), at: timeText(Date.parse(comment.created_at)), by, text };
    },
  };
}

/**
 * Reserves an issue that nobody holds for an agent by its label; null: for nobody.
 * @throws JitError ALREADY_CLAIMED (6), ILLEGAL_MOVE (4)
 */
export async function prepareReserve(
  desk: Desk,
  id: string,
  agent: string | null,
): Promise<Prepared<IssueChangeOutput>> {
  const { forge, rules, view } = desk;
  const seen = await mustLook(desk, id);
  const { agentLabel } = rules();
  const now = view.now();
  if (seen.issue.state === 'closed')
    throw illegalMove(id, stateOf(seen, rules(), now), 'be reserved');
  const live = claimOf(seen, now);
  if (live !== null) throw alreadyClaimed(id, live);
  const { issue } = seen;
  const label = agent === null ? null : fillAgent(agentLabel, agent);
  const others = issue.labels.filter(
    (each) => agentIn(agentLabel, each) !== null && each !== label,
  );
  return {
    seen,
    async do() {
      for (const each of others) await forge.removeLabel(issue.number, each);
      const isMissing = label !== null && !issue.labels.includes(label);
      if (isMissing) await forge.addLabel(issue.number, labelOf(label));
      view.forget(issue.number);
      const kept = issue.labels.filter((each) => !others.includes(each));
      const labels = isMissing ? [...kept, label] : kept;
      const after = { ...seen, issue: { ...issue, labels } };
      return { ...toIssue(after, rules(), now), changed: isMissing || others.length > 0 };
    },
  };
}

function checkToken({ issue, log }: SeenIssue, token: string | null): void {
  if (token === null) return;
  const last = log.claims.at(-1);
  if (last?.token !== hashToken(token) || last.end !== null)
    throw lostClaim(String(issue.number), 'this token does not hold it');
}

/** Reads `key=value` pairs. Errors: usage. */
export function readMeta(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at <= 0) throw usageError(`--meta ${JSON.stringify(pair)} is not KEY=VALUE`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** Reads the time of `--defer-until`: null for `none`. Errors: usage. */
export function readTime(text: string | undefined): string | null | undefined {
  if (text === undefined || text === 'none') return text === undefined ? undefined : null;
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new JitError('usage', 'USAGE', `--defer-until ${JSON.stringify(text)} is no time`);
  return timeText(time);
}
