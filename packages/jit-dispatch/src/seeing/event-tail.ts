import type { DispatchEventOutput } from '@jit/contract/outputs/dispatcher-status';
import type { Ledger } from '../ledger/ledger.ts';

/** A repository whose ledger is followed. */
export interface FollowedSite {
  readonly repository: string;
  /** The ledger as it is now: null before anything was dispatched, another one after it was made anew. */
  ledger(): Ledger | null;
}

/** An event, and where the tail stands after it. */
export interface FollowedEvent {
  readonly event: DispatchEventOutput;
  /** `next` of another tail that begins there gives what comes after it. */
  readonly cursor: string;
}

/** The events of a dispatcher, in the order of its ledgers. */
export interface EventTail {
  /** What came since the last call; at most `MOST` of each repository. */
  next(): FollowedEvent[];
  /** Where it stands now. */
  cursor(): string;
}

/** So many events of a repository at a time: what was missed for weeks is not read at once. */
const MOST = 500;

interface Followed {
  readonly site: FollowedSite;
  ledger: Ledger | null;
  seq: number;
  isResumed: boolean;
}

/**
 * Follows the records of ledgers. They are durable and numbered, so a reader that says what it saw last
 * misses nothing; where records are gone, or a ledger was made anew, it gets a `reset`.
 * @param since numbers by repository; null begins with what comes
 */
export function followEvents(
  sites: readonly FollowedSite[],
  since: ReadonlyMap<string, number> | null,
  now: () => Date,
): EventTail {
  const followed = sites.map((site): Followed => {
    const ledger = site.ledger();
    const asked = since?.get(site.repository);
    const seq = asked ?? ledger?.newestSeq() ?? 0;
    return { site, ledger, seq, isResumed: asked !== undefined };
  });
  const idOf = ({ repository }: FollowedSite, seq: number) =>
    repository === '' ? String(seq) : `${repository}:${seq}`;

  const cursor = () => followed.map(({ site, seq }) => idOf(site, seq)).join(',');
  const nextOf = (each: Followed): FollowedEvent[] => {
    const { repository } = each.site;
    const ledger = each.site.ledger();
    if (ledger === null) return [];
    const events: FollowedEvent[] = [];
    const push = (event: DispatchEventOutput) => events.push({ event, cursor: cursor() });
    const reset = (reason: string): void => {
      const facts = { run: null, issue: null, agent: null, repository };
      const at = now().toISOString();
      push({ id: idOf(each.site, each.seq), at, type: 'reset', ...facts, data: { reason } });
    };
    if (each.ledger !== null && each.ledger !== ledger) {
      each.seq = 0;
      reset('ledger_made_anew');
    } else if (each.isResumed && each.seq > ledger.newestSeq()) {
      each.seq = ledger.newestSeq();
      reset('ledger_made_anew');
    } else if (each.isResumed && !ledger.isWhole(each.seq)) reset('pruned');
    each.ledger = ledger;
    each.isResumed = false;
    for (const record of ledger.recordsAfter(each.seq, MOST)) {
      const { seq, at, type, run, issue, agent, data } = record;
      each.seq = seq;
      push({ id: idOf(each.site, seq), at, type, run, issue, agent, repository, data });
    }
    return events;
  };
  return { next: () => followed.flatMap(nextOf), cursor };
}

/**
 * The numbers that were said as `12`, or as `web:12,hub:7` with several repositories; null where that
 * is not what they are.
 */
export function parseCursor(
  text: string,
  repositories: readonly string[],
): ReadonlyMap<string, number> | null {
  const numbers = new Map<string, number>();
  for (const part of text.split(',')) {
    const [, name = '', digits = ''] = /^(?:([^:]+):)?(\d{1,15})$/.exec(part.trim()) ?? [];
    if (digits === '' || !repositories.includes(name)) return null;
    numbers.set(name, Number(digits));
  }
  return numbers;
}
