import type { Event } from '../../src/domain/event.ts';
import type { ClaimRecord, Instant } from '../../src/domain/holding.ts';
import { settleClaims } from '../../src/operations/settle-claims.ts';
import { advanceGated } from '../../src/operations/transitions.ts';
import { parseEventLine } from '../../src/store/events/event-log.ts';
import { parseDocumentPath } from '../../src/store/layout.ts';
import { addDocument, Layer } from '../../src/store/snapshot/layer.ts';
import { OpenWrite } from '../../src/store/snapshot/write-tx.ts';
import type { WriteTx } from '../../src/store/store.ts';

/**
 * The transactions of the store without its disk: what a write puts goes through the texts of its
 * files, as from disk, and back. For properties that need ten thousand trackers.
 */
export class MemoryTracker {
  /** Seconds since the start of this world. */
  seconds = 0;
  readonly events: Event[] = [];
  private readonly layer = new Layer();
  private readonly records = new Map<string, ClaimRecord>();
  private lastEvent = '';

  /** Runs a change as the store does: first the leases that are over, then the change, all or nothing. */
  write<T>(body: (tx: WriteTx) => T): T {
    const write = new OpenWrite(
      {
        index: null,
        layers: [this.layer],
        records: { live: this.live(), record: (id) => this.records.get(id) },
        instant: this.instant(),
        origin: () => 'here',
        freshen: () => {},
        loadEvents: () => {},
      },
      {
        actor: 'ana',
        clock: () => this.instant(),
        lastEvent: this.lastEvent,
        unsettled: this.deferred(),
        advance: (tx, id) => advanceGated(tx, id, 'unblocked'),
      },
    );
    write.part(settleClaims);
    try {
      return write.part(body);
    } finally {
      this.keep(write); // what was settled stands, also where the change was refused
    }
  }

  private instant(): Instant {
    return {
      wall: Date.UTC(2026, 0, 1) + this.seconds * 1000,
      uptime: 1000 + this.seconds,
      boot: 'boot-1',
    };
  }

  private live(): ReadonlyMap<string, ClaimRecord> {
    return new Map([...this.records].filter(([, record]) => record.ended === null));
  }

  private deferred(): string[] {
    const issues = [...this.layer.issues.values()].map((value) => value?.issue ?? null);
    return issues.flatMap((issue) => (issue?.defer_until ? [issue.id] : []));
  }

  private keep(write: OpenWrite): void {
    const { change, records, lastEvent } = write.outcome();
    for (const { path, after } of change.files) {
      const place = parseDocumentPath(path);
      if (place !== null) addDocument(this.layer, place.folder, place.name, after);
    }
    for (const line of Object.values(change.events).flat()) {
      const event = parseEventLine(line);
      if (event === null) throw new Error(`an event that can't be read back: ${line}`);
      this.layer.addEvent(event);
      this.events.push(event);
    }
    for (const record of records) this.records.set(record.issue, record);
    this.lastEvent = lastEvent;
  }
}
