import { delay, within } from '../keeper/clock.ts';
import type { Assignment, Kind, Sight, Verdict } from '../runners/kind.ts';
import { isLimited, isPassing, patienceOf, verdictOf } from '../runners/kind-error.ts';
import type { Task } from '../runners/task.ts';
import type { Timers } from '../timers.ts';
import { keepAssignment } from './keep-assignment.ts';
import { createPauses, type Pauses } from './pauses.ts';

/** What an envoy gets from the edge of its process. */
export interface EnvoyEdge {
  readonly environment: NodeJS.ProcessEnv;
  /** Kept out of what it says and of its verdict. */
  readonly secrets: Set<string>;
  readonly timers: Timers;
  now(): number;
  say(line: string): void;
  /** Something happened at the other side. */
  sign(): void;
  /** Calls back when the envoy is told to stop. */
  onStop(callback: () => void): void;
  /** Its keeper has died: nobody took the work back. */
  isOrphan(): boolean;
}

/** How often work is brought to the other side until it counts as not to be reached. */
const TRIES = 5;
const MIN_PAUSE_MS = 1_000;

/**
 * Brings the work of a task to the agent elsewhere and looks after it until it has ended there, or until
 * this process is told to stop: then the work is taken back, but for one whose keeper has died. It goes by the key
 * of the run that first brought it (invariant BROUGHT-ONCE).
 * @returns how it ended, or null where it was stopped first
 */
export async function attend(kind: Kind, task: Task, edge: EnvoyEdge): Promise<Verdict | null> {
  const file = keepAssignment(task);
  const pauses = createPauses(edge.timers, edge.onStop);
  const { timers, now, say, environment, secrets } = edge;
  const { key } = file.record;
  const means = { key, earlier: task.earlier, wake: pauses.wake, keep: file.keep };
  const opened = await kind
    .open(task.outside.settings, task, { ...means, timers, now, say, environment, secrets })
    .catch(verdictOf);
  if ('is' in opened) return opened;
  const assignment = opened;
  try {
    if (task.earlier !== null) {
      // From now on this run is the one that knows.
      file.keep(task.earlier.is);
      say(`run ${task.earlier.key} brought this work before: gone on with`);
    }
    const work = follow(assignment, pauses, edge);
    const verdict = await Promise.race([work, pauses.stopped]);
    if (verdict !== null) {
      // Where the other side could not be asked, its work may go on: a later run goes on with it.
      if (verdict.failed !== 'environment') file.keep('over');
      return verdict;
    }
    if (edge.isOrphan()) {
      edge.say(
        'its keeper has died: the work is left where it is, and a later run goes on with it',
      );
      return null;
    }
    const graceMs = task.stop_grace_secs * 1000;
    // What is under way is let arrive: a late answer would bring the work back.
    await within(work, graceMs / 2);
    const back = await withdraw(assignment, edge);
    if (back !== null) file.keep('over');
    return back === null || back === 'told' ? null : back;
  } finally {
    await assignment.close();
  }
}

/** Takes back what an earlier run left standing, for an agent that does not go on with it. */
export async function withdrawEarlier(kind: Kind, task: Task, edge: EnvoyEdge): Promise<boolean> {
  const file = keepAssignment(task);
  const pauses = createPauses(edge.timers, edge.onStop);
  const { outside, earlier } = task;
  const { key } = file.record;
  const means = { key, earlier, wake: pauses.wake, keep: () => {}, ...edge };
  const assignment = await kind.open(outside.settings, task, means);
  try {
    const back = await withdraw(assignment, edge);
    if (back !== null) file.keep('over');
    return back !== null;
  } finally {
    await assignment.close();
  }
}

async function follow(
  assignment: Assignment,
  pauses: Pauses,
  edge: EnvoyEdge,
): Promise<Verdict | null> {
  try {
    let sight = await begin(assignment, pauses, edge);
    let sign: string | null = null;
    for (;;) {
      if (sight.is !== 'going') return sight;
      if (sight.sign !== sign) edge.sign();
      sign = sight.sign;
      await pauses.wait(assignment.pollMs);
      if (pauses.isStopped()) return null;
      sight = await look(assignment, pauses, edge);
    }
  } catch (error) {
    if (pauses.isStopped()) return null;
    return verdictOf(error);
  }
}

async function begin(assignment: Assignment, pauses: Pauses, edge: EnvoyEdge): Promise<Sight> {
  const firstMs = Math.min(assignment.pollMs, MIN_PAUSE_MS);
  for (let tried = 1; ; tried += 1) {
    try {
      return await assignment.begin();
    } catch (error) {
      if (!isPassing(error) || isLimited(error) || tried >= TRIES) throw error;
      edge.say(`try ${tried}: ${messageOf(error)}`);
    }
    await pauses.wait(firstMs * 2 ** (tried - 1));
    if (pauses.isStopped()) throw new Error('stopped');
  }
}

/** Looks; who can't be asked now is asked again, for the work goes on there. */
async function look(assignment: Assignment, pauses: Pauses, edge: EnvoyEdge): Promise<Sight> {
  let said = '';
  for (;;) {
    try {
      return await assignment.look();
    } catch (error) {
      if (!isPassing(error) || pauses.isStopped()) throw error;
      const message = messageOf(error);
      if (message !== said) edge.say(`can't look now: ${message}`);
      said = message;
      const restMs = (patienceOf(error) ?? 0) - edge.now();
      await pauses.wait(Math.max(assignment.pollMs, restMs));
      if (pauses.isStopped()) throw error;
    }
  }
}

const WITHDRAW_TRIES = 3;
const WITHDRAW_PAUSE_MS = 200;

/** Takes the work back; null where the other side could not be told. */
async function withdraw(
  assignment: Assignment,
  { say }: EnvoyEdge,
): Promise<'told' | Verdict | null> {
  for (let tried = 1; ; tried += 1) {
    try {
      const back = await assignment.withdraw();
      if (typeof back !== 'string') return back;
      say(back);
      return 'told';
    } catch (error) {
      say(`the work could not be taken back: ${messageOf(error)}`);
      if (!isPassing(error) || tried >= WITHDRAW_TRIES) return null;
    }
    await delay(WITHDRAW_PAUSE_MS);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
