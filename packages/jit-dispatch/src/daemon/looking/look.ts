import type { DispatchConfig } from '../../config/config.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { StateCounts } from '../../planning/circumstances.ts';
import type { IssueHistory } from '../../planning/history.ts';
import type { RefusedClaim } from '../../planning/plan-cycle.ts';
import type { Tracker, TrackerIssue } from '../../tracker/tracker.ts';
import { readRefusedClaims } from '../refused-claims.ts';
import type { ToldClasses } from './assess-ready.ts';
import { type Held, readHeld } from './held.ts';
import { issueKey } from './issue-key.ts';
import { readStates } from './order-facts.ts';
import { readHistories } from './read-histories.ts';
import { readTurns, type Turn, type TurnRules } from './read-turns.ts';
import { knownClasses } from './told-classes.ts';

/** A repository to look at. */
export interface View {
  /** Empty where there is only one. */
  readonly repository: string;
  readonly tracker: Tracker;
  /** Null if nothing was ever dispatched there. */
  readonly ledger: Ledger | null;
}

/** What a tracker says before a plan is made; histories and refusals by id. */
export interface Sight {
  readonly repository: string;
  readonly ready: readonly TrackerIssue[];
  readonly held: Held;
  readonly histories: ReadonlyMap<string, IssueHistory | null>;
  readonly refused: ReadonlyMap<string, RefusedClaim>;
  /** How many issues are in the states that limits name; null where none is named. */
  readonly states: StateCounts | null;
  readonly turns: readonly Turn[];
  readonly told: ToldClasses;
}

/** What is looked for. */
export interface LookOptions {
  readonly config: Pick<DispatchConfig, 'limits'> & TurnRules;
  readonly now: Date;
  /** Keys of the only issues that matter, or null for all. */
  readonly only: ReadonlySet<string> | null;
}

/** Looks at one repository, and changes nothing. Throws what its tracker throws. */
export async function look(
  { repository, tracker, ledger }: View,
  { config, now, only }: LookOptions,
): Promise<Sight> {
  const runs = ledger?.liveRuns() ?? [];
  // Agents that are no longer configured may still run: their issues, too, may be taken back.
  const ids = new Set(
    [...config.agents, ...runs.map(({ agent: id }) => ({ id }))].map(({ id }) => id),
  );
  const [all, held, turns] = await Promise.all([
    tracker.ready({ withTexts: true }),
    readHeld(tracker, [...ids]),
    readTurns({ repository, tracker, ledger }, config),
  ]);
  const ready = only === null ? all : all.filter(({ id }) => only.has(issueKey(repository, id)));
  const histories = await readHistories(tracker, ready);
  const refused = await readRefusedClaims(tracker, ledger, { ready, now });
  const states = await readStates(tracker, config.limits);
  const told = knownClasses(ledger, ready, config);
  return { repository, ready, held, histories, refused, states, turns, told };
}

/** Keys of the issues of a repository that may be started where only another may start some: none. */
export function onlyIn(
  within: string | null,
  repository: string,
  only: ReadonlySet<string> | null = null,
): ReadonlySet<string> | null {
  return within === null || within === repository ? only : new Set();
}

/** The ids of those keys that are in a repository. */
export function idsIn(
  repository: string,
  keys: ReadonlySet<string> | null,
): ReadonlySet<string> | null {
  if (keys === null || repository === '') return keys;
  const start = issueKey(repository, '');
  return new Set(
    [...keys].flatMap((key) => (key.startsWith(start) ? key.slice(start.length) : [])),
  );
}
