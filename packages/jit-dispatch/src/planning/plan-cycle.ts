import { countWork, type OccupiedSlot } from './capacity.ts';
import { byUrgency, type Ordered } from './order.ts';

/** An agent a plan can choose. */
export interface Candidate {
  readonly id: string;
  readonly capacity: number;
  readonly tags: readonly string[];
}

/** A ready issue, as the tracker lists it. */
export interface ReadyIssue extends Ordered {
  readonly title: string;
  readonly labels: readonly string[];
  /** Set on a ready issue: it is reserved. */
  readonly assignee: string | null;
}

/** The issues with a live claim, by agent, over all dispatchers. */
export type Claims = ReadonlyMap<string, readonly string[]>;

/** Everything a plan depends on. */
export interface Snapshot {
  readonly ready: readonly ReadyIssue[];
  /** In the order of the configuration. */
  readonly agents: readonly Candidate[];
  /** Issues with a live claim, per agent. */
  readonly claims: Claims;
  readonly runs: readonly OccupiedSlot[];
  readonly maxConcurrent: number;
  /** Starts allowed in this cycle, or null for no limit. */
  readonly maxStarts: number | null;
}

/** Why an issue waits. */
export type WaitReason =
  | 'already_running'
  | 'escalated'
  | 'reserved'
  | 'max_concurrent'
  | 'max_issues'
  | 'agents_full';

/** What happens to one ready issue, and why. */
export type Decision =
  | {
      readonly issue: ReadyIssue;
      readonly action: 'start';
      readonly agent: string;
      readonly detail: string;
    }
  | {
      readonly issue: ReadyIssue;
      readonly action: 'wait';
      readonly reason: WaitReason;
      readonly detail: string;
    };

const ESCALATED = 'dispatch:escalated';

interface Slot extends Candidate {
  readonly index: number;
  free: number;
}

/** Decides for every ready issue, most urgent first. Pure: the same snapshot gives the same plan. */
export function planCycle(snapshot: Snapshot): Decision[] {
  const slots = snapshot.agents.map(
    (agent, index): Slot => ({
      ...agent,
      index,
      free:
        agent.capacity - countWork(agent.id, snapshot.claims.get(agent.id) ?? [], snapshot.runs),
    }),
  );
  const room = { runs: snapshot.maxConcurrent - snapshot.runs.length, starts: snapshot.maxStarts };
  return [...snapshot.ready].sort(byUrgency).map((issue) => {
    const wait = waitOf(issue, { snapshot, slots, room });
    if (wait !== null) return { issue, action: 'wait', ...wait };
    const [slot] = candidates(issue, slots);
    if (slot === undefined) return { issue, action: 'wait', ...fullOf(issue, slots) };
    slot.free -= 1;
    room.runs -= 1;
    if (room.starts !== null) room.starts -= 1;
    return { issue, action: 'start', agent: slot.id, detail: whyChosen(issue, slot) };
  });
}

interface Wait {
  readonly reason: WaitReason;
  readonly detail: string;
}

function waitOf(
  issue: ReadyIssue,
  {
    snapshot,
    slots,
    room,
  }: { snapshot: Snapshot; slots: Slot[]; room: { runs: number; starts: number | null } },
): Wait | null {
  const run = snapshot.runs.find((each) => each.issue === issue.id);
  if (run) return { reason: 'already_running', detail: `a run of ${run.agent} is not settled yet` };
  if (issue.labels.includes(ESCALATED))
    return { reason: 'escalated', detail: `a person has to look first: label ${ESCALATED}` };
  if (issue.assignee !== null && !slots.some((slot) => slot.id === issue.assignee))
    return {
      reason: 'reserved',
      detail: `reserved for ${issue.assignee}, no agent of this dispatcher`,
    };
  if (room.starts !== null && room.starts <= 0)
    return { reason: 'max_issues', detail: `--max-issues ${snapshot.maxStarts} reached` };
  if (room.runs <= 0)
    return {
      reason: 'max_concurrent',
      detail: `max_concurrent: ${snapshot.maxConcurrent} runs of this dispatcher at a time`,
    };
  return null;
}

/** Agents with room that may take it, the best first. */
function candidates(issue: ReadyIssue, slots: readonly Slot[]): Slot[] {
  return slots
    .filter((slot) => slot.free > 0 && (issue.assignee === null || slot.id === issue.assignee))
    .sort(
      (a, b) =>
        matches(issue, b).length - matches(issue, a).length || b.free - a.free || a.index - b.index,
    );
}

/** The tags that a label names, as a whole (`rust`) or by its value (`lang:rust`). */
function matches(issue: ReadyIssue, { tags }: Candidate): string[] {
  const named = new Set(
    issue.labels.flatMap((label) => [label, label.slice(label.indexOf(':') + 1)]).map(fold),
  );
  return tags.filter((tag) => named.has(fold(tag)));
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}

function whyChosen(issue: ReadyIssue, slot: Slot): string {
  const tags = matches(issue, slot);
  const room = `${slot.capacity - slot.free} of ${slot.capacity} in use with it`;
  if (issue.assignee === slot.id) return `reserved for it; ${room}`;
  return tags.length > 0 ? `matches ${tags.join(', ')}; ${room}` : room;
}

function fullOf(issue: ReadyIssue, slots: readonly Slot[]): Wait {
  const asked = slots.filter((slot) => issue.assignee === null || slot.id === issue.assignee);
  const use = asked.map((slot) => `${slot.id} ${slot.capacity - slot.free}/${slot.capacity}`);
  return { reason: 'agents_full', detail: `no agent has room: ${use.join(', ')}` };
}
