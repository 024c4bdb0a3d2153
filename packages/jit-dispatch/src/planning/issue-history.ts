import {
  ESCALATED_LABEL,
  type FailureClass,
  HELD_LABEL,
  WISH_KEYS,
} from '@jit/contract/vocabulary';
import type { HistoryEvent } from './history.ts';

/** Something that happened to an issue. */
export interface HistoryEntry {
  readonly at: string;
  readonly from: 'here' | 'tracker';
  /** A stable word. */
  readonly what: string;
  readonly actor: string | null;
  readonly agent: string | null;
  readonly run: string | null;
  readonly attempt: number | null;
  readonly failed: FailureClass | null;
  readonly detail: string;
}

/** A run of the issue here. */
export interface HistoryRun {
  readonly run: string;
  readonly agent: string;
  readonly attempt: number | null;
  readonly state: string;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly failed: FailureClass | null;
  readonly created_at: string;
  readonly ended_at: string | null;
}

/** An order about the issue here. */
export interface HistoryOrder {
  readonly kind: string;
  readonly who: string;
  readonly agent: string | null;
  readonly run: string | null;
  readonly reason: string;
  readonly at: string;
  readonly outcome: string | null;
}

/** A pull request of a run of the issue. */
export interface HistoryPull {
  readonly run: string;
  readonly state: string;
  readonly url: string | null;
  readonly error: string | null;
  readonly created_at: string;
}

/** How often something happened. */
export interface HistoryCounts {
  readonly runs: number;
  readonly claims: number;
  readonly failures: number;
  readonly escalations: number;
  readonly holds: number;
  readonly reassignments: number;
}

/** A line of the tracker's log, with what a person may have asked for in it. */
export interface LoggedEvent extends HistoryEvent {
  readonly metadata: {
    readonly from: Readonly<Record<string, unknown>>;
    readonly to: Readonly<Record<string, unknown>>;
  } | null;
  /** Until when it rests since then. */
  readonly deferred: string | null;
}

/** Everything together, oldest first; of the same moment the tracker's word comes first. */
export function historyOf(
  events: readonly LoggedEvent[],
  runs: readonly HistoryRun[],
  {
    orders,
    pulls,
  }: { readonly orders: readonly HistoryOrder[]; readonly pulls: readonly HistoryPull[] },
): { readonly entries: readonly HistoryEntry[]; readonly counts: HistoryCounts } {
  const told = events.flatMap(ofEvent);
  const entries = [
    ...told,
    ...runs.flatMap(ofRun),
    ...orders.map(ofOrder),
    ...pulls.map(ofPull),
  ].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  const count = (what: string) => told.filter((each) => each.what === what).length;
  const counts = {
    runs: runs.length,
    claims: count('claimed'),
    failures: told.filter(({ failed }) => failed !== null).length,
    escalations: count('escalated'),
    holds: count('held'),
    reassignments: orders.filter(
      ({ kind, outcome }) => kind === 'reassign' && outcome === 'reassigned',
    ).length,
  };
  return { entries, counts };
}

const TOLD: readonly string[] = [
  'issue_created',
  'claimed',
  'claim_released',
  'claim_expired',
  'claim_resumed',
  'claim_overridden',
  'reassigned',
  'assigned',
  'state_changed',
  'gate_passed',
  'gate_failed',
];

function ofEvent(event: LoggedEvent): HistoryEntry[] {
  const { type, at, actor, attempt, assignee, reason, failed, labels, deferred } = event;
  const entry = (what: string, detail = reason ?? ''): HistoryEntry => ({
    at,
    from: 'tracker',
    what,
    actor,
    agent: assignee,
    run: null,
    attempt,
    failed,
    detail,
  });
  if (TOLD.includes(type)) return [entry(type)];
  const turned = (label: string): 'on' | 'off' | null => {
    const [was, is] = [labels?.from.includes(label), labels?.to.includes(label)];
    if (was === is) return null;
    return is ? 'on' : 'off';
  };
  const words = { on: ['escalated', 'held'], off: ['escalation_cleared', 'let_go'] } as const;
  const marked = [ESCALATED_LABEL, HELD_LABEL].flatMap((label, index) => {
    const way = turned(label);
    const word = way === null ? undefined : words[way][index];
    return word === undefined ? [] : [entry(word, `label ${label} ${way}`)];
  });
  const wished = wishesIn(event);
  return [
    ...marked,
    ...(wished === '' ? [] : [entry('wished', wished)]),
    ...(deferred === null ? [] : [entry('deferred', `not before ${deferred}`)]),
  ];
}

/** The wishes that changed, in words. */
function wishesIn({ metadata }: LoggedEvent): string {
  const { from = {}, to = {} } = metadata ?? {};
  const changed = Object.values(WISH_KEYS).filter((key) => from[key] !== to[key]);
  return changed.map((key) => `${key}: ${to[key] || 'no more'}`).join('; ');
}

function ofRun(run: HistoryRun): HistoryEntry[] {
  const { agent, attempt, created_at, ended_at, state, reason, detail, failed } = run;
  const base = { from: 'here', actor: null, agent, run: run.run, attempt } as const;
  const begun = { ...base, at: created_at, what: 'run', failed: null, detail: '' };
  if (ended_at === null) return [{ ...begun, detail: state }];
  const text = [reason, detail].filter(Boolean).join(': ');
  return [begun, { ...base, at: ended_at, what: state, failed, detail: text }];
}

function ofOrder({ kind, who, agent, run, reason, at, outcome }: HistoryOrder): HistoryEntry {
  const detail = [outcome ?? 'open', reason].filter(Boolean).join(': ');
  const base = { from: 'here', actor: who, agent, run, attempt: null, failed: null } as const;
  return { ...base, at, what: kind, detail };
}

function ofPull({ run, state, url, error, created_at }: HistoryPull): HistoryEntry {
  const detail = [`${state}${url === null ? '' : ` ${url}`}`, error].filter(Boolean).join(': ');
  const base = { from: 'here', actor: null, agent: null, attempt: null, failed: null } as const;
  return { ...base, run, at: created_at, what: 'pull_request', detail };
}
