import type { Ledger } from '../../ledger/ledger.ts';
import type { SeenRecord } from '../../ledger/record-tail.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { readHealths } from '../looking/agent-healths.ts';
import {
  type Condition,
  changesOf,
  type Notice,
  type NoticeSource,
  noticeOf,
  type Reasons,
} from './notice.ts';

/** So many records are looked at in one go. */
const MOST = 500;
/** The number of the last record that was told; a restart goes on after it. */
const TOLD = 'notified_seq';

/** What is to be told of a dispatcher. */
export interface NoticeWatch {
  /** What has happened since the last look. */
  look(): Notice[];
}

/**
 * Watches the ledger for what people want to be told: its records, which are durable, and what they
 * lead to. Beginning with what came after the last process looked, so that a crash of the dispatcher
 * costs at most what was on its way.
 * @param all the dispatchers of all repositories, where this watch tells of what concerns them all
 */
export function watchNotices(
  current: () => Dispatcher,
  repository: string,
  all: () => readonly Dispatcher[] | null,
): NoticeWatch {
  let before: Condition | null = null;
  let seen: { ledger: unknown; seq: number } | null = null;
  return {
    look() {
      const dispatcher = current();
      const { ledger, name, now } = dispatcher;
      const source = { dispatcher: name, repository };
      if (seen?.ledger !== ledger) {
        const told = Number(ledger.getMeta(TOLD) ?? Number.NaN);
        const newest = ledger.newestSeq();
        seen = { ledger, seq: Number.isInteger(told) ? Math.min(told, newest) : newest };
        // Also where nothing happens before the next start.
        ledger.setMeta(TOLD, String(seen.seq));
      }
      const records = ledger.recordsAfter(seen.seq, MOST);
      const notices = noticesOf(ledger, records, source);
      const last = records.at(-1);
      if (last !== undefined) {
        seen = { ledger, seq: last.seq };
        ledger.setMeta(TOLD, String(last.seq));
      }
      const ledgers = all()?.map((each) => each.ledger) ?? null;
      const after = conditionOf(dispatcher, ledgers);
      notices.push(...changesOf(before, after, { ...source, at: now().toISOString() }));
      before = after;
      return notices;
    },
  };
}

/** What people are told of records. */
export function noticesOf(
  ledger: Ledger,
  records: readonly SeenRecord[],
  source: NoticeSource,
): Notice[] {
  return records
    .flatMap((record) => [...startUnnoted(ledger, record), record])
    .flatMap((record) => noticeOf(record, factsOf(ledger, record), source) ?? []);
}

/** A quick agent has ended before anybody noted that it ran: that it started is told all the same. */
function startUnnoted(ledger: Ledger, record: SeenRecord): SeenRecord[] {
  const run = record.run === null ? null : ledger.find(record.run);
  if (run === null || run.ended_at === null || run.state !== record.type) return [];
  if (run.started_at === null || ledger.recordsOf(run.run, 'running').length > 0) return [];
  return [{ ...record, type: 'running', at: run.started_at, data: null }];
}

/** Why a run ended, or why people are asked. */
function factsOf(ledger: Ledger, { type, run, data }: SeenRecord): Reasons | null {
  if (type === 'running') return null;
  if (type === 'escalated') {
    const id = (data as { id?: unknown } | null)?.id;
    return ledger.openEscalations().find((each) => each.id === id) ?? null;
  }
  return run === null ? null : ledger.find(run);
}

/**
 * How a dispatcher does now.
 * @param all the ledgers of all repositories, where what concerns them all is asked for, too
 */
export function conditionOf(
  { config, ledger, now }: Pick<Dispatcher, 'config' | 'ledger' | 'now'>,
  all: readonly Ledger[] | null,
): Condition {
  const said = (key: string): string | null => {
    const text = ledger.getMeta(key);
    return text === null ? null : String((JSON.parse(text) as { message?: unknown }).message);
  };
  const lastError = said('last_error');
  if (all === null) return { paused: null, configError: null, lastError, agents: new Map() };
  const { holds } = ledger.overview(now().toISOString());
  const agents = new Map(
    [...readHealths(config, all, now())].map(([id, health]) => [
      id,
      { health: health.is as string, why: health.is === 'well' ? null : health.why },
    ]),
  );
  const paused = holds.find(({ scope }) => scope === '*') ?? null;
  return { paused, configError: said('config_error'), lastError, agents };
}
