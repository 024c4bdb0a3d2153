import type { Run } from '../../ledger/run.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { readHealths } from '../looking/agent-healths.ts';
import { type Condition, changesOf, type Notice, noticeOf } from './notice.ts';

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
 */
export function watchNotices(current: () => Dispatcher, repository: string): NoticeWatch {
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
      const runOf = (id: string | null): Run | null => (id === null ? null : ledger.find(id));
      const notices = records.flatMap(
        (record) => noticeOf(record, runOf(record.run), source) ?? [],
      );
      const last = records.at(-1);
      if (last !== undefined) {
        seen = { ledger, seq: last.seq };
        ledger.setMeta(TOLD, String(last.seq));
      }
      const after = conditionOf(dispatcher);
      notices.push(...changesOf(before, after, { ...source, at: now().toISOString() }));
      before = after;
      return notices;
    },
  };
}

function conditionOf({ config, ledger, now }: Dispatcher): Condition {
  const { holds } = ledger.overview(now().toISOString());
  const agents = new Map(
    [...readHealths(config, [ledger], now())].map(([id, health]) => [
      id,
      { health: health.is as string, why: health.is === 'well' ? null : health.why },
    ]),
  );
  const said = (key: string): string | null => {
    const text = ledger.getMeta(key);
    return text === null ? null : String((JSON.parse(text) as { message?: unknown }).message);
  };
  return {
    paused: holds.find(({ scope }) => scope === '*') ?? null,
    configError: said('config_error'),
    lastError: said('last_error'),
    agents,
  };
}
