import type { NotifyEvent } from '../../config/notify-events.ts';
import type { SeenRecord } from '../../ledger/record-tail.ts';
import type { RecordType } from '../../ledger/record-types.ts';

/** What people are told, as JSON. Never holds a token. */
export interface Notice {
  readonly event: NotifyEvent;
  readonly at: string;
  readonly dispatcher: string;
  /** Empty where there is only one. */
  readonly repository: string;
  readonly issue: string | null;
  readonly title: string | null;
  readonly run: string | null;
  readonly agent: string | null;
  readonly attempt: number | null;
  readonly reason: string | null;
  readonly detail: string | null;
}

/** Who says it. */
export type NoticeSource = Pick<Notice, 'dispatcher' | 'repository'>;

const OF_RECORDS: Partial<Readonly<Record<RecordType, NotifyEvent>>> = {
  running: 'started',
  completed: 'completed',
  failed: 'failed',
  timed_out: 'timed_out',
  stalled: 'stalled',
  canceled: 'canceled',
  lost: 'lost',
  stall_notified: 'silent',
  escalated: 'escalated',
  pull_request_opened: 'pull_request_opened',
  pull_request_failed: 'pull_request_failed',
};

/** What is known of it besides its record. */
export type Reasons = Pick<Notice, 'reason' | 'detail'>;

/** The notice of a record, or null where nobody is told of its kind. */
export function noticeOf(
  record: SeenRecord,
  facts: Reasons | null,
  source: NoticeSource,
): Notice | null {
  const event = OF_RECORDS[record.type];
  // A claim that another dispatcher got first is daily business.
  if (event === undefined || (event === 'lost' && record.attempt === null)) return null;
  const data = record.data as { reason?: unknown; detail?: unknown; silent_since?: unknown } | null;
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const silence =
    event === 'silent' ? `no sign of life since ${text(data?.silent_since) ?? 'long'}` : null;
  return {
    event,
    at: record.at,
    ...source,
    issue: record.issue,
    title: record.title,
    run: record.run,
    agent: record.agent,
    attempt: record.attempt,
    reason: text(data?.reason) ?? facts?.reason ?? null,
    detail: silence ?? text(data?.detail) ?? facts?.detail ?? null,
  };
}

/** How a dispatcher does, as far as people are told when it changes. */
export interface Condition {
  readonly paused: { readonly who: string; readonly reason: string } | null;
  readonly configError: string | null;
  readonly lastError: string | null;
  readonly agents: ReadonlyMap<string, { readonly health: string; readonly why: string | null }>;
}

const OF_HEALTH: Readonly<Record<string, NotifyEvent | undefined>> = {
  well: 'agent_well',
  resting: 'agent_resting',
  unhealthy: 'agent_unhealthy',
  paused: 'agent_paused',
};

/** The notices of what has changed between two looks; nothing was looked at before the first. */
export function changesOf(
  before: Condition | null,
  after: Condition,
  { at, ...source }: NoticeSource & Pick<Notice, 'at'>,
): Notice[] {
  if (before === null) return [];
  const notices: Notice[] = [];
  const tell = (event: NotifyEvent, facts: Partial<Notice>): void => {
    const nobody = { issue: null, title: null, run: null, agent: null, attempt: null };
    notices.push({ event, at, ...source, ...nobody, reason: null, detail: null, ...facts });
  };
  const { paused, configError, lastError } = after;
  if (paused !== null && before.paused === null)
    tell('paused', { reason: paused.reason, detail: `by ${paused.who}` });
  if (paused === null && before.paused !== null) tell('resumed', {});
  if (configError !== null && configError !== before.configError)
    tell('config_refused', { detail: configError });
  if (configError === null && before.configError !== null) tell('config_accepted', {});
  if (lastError !== null && before.lastError === null) tell('cycle_failed', { detail: lastError });
  if (lastError === null && before.lastError !== null) tell('cycle_recovered', {});
  for (const [agent, { health, why }] of after.agents) {
    const event = OF_HEALTH[health];
    const last = before.agents.get(agent)?.health ?? 'well';
    if (event !== undefined && health !== last) tell(event, { agent, reason: health, detail: why });
  }
  return notices;
}
