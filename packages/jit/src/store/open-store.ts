import type { TrackerFacts } from '../domain/validation/tracker-facts.ts';
import { MonthFilesFeed } from './events/event-feed.ts';
import { OpenFiles, type StoreOptions } from './open-files.ts';
import { Reader } from './reader.ts';
import { gatherFacts } from './snapshot/gather-facts.ts';
import { OpenWrite } from './snapshot/write-tx.ts';
import type {
  ChangeWatch,
  EventFeed,
  GroupingStore,
  ReadTx,
  Store,
  WriteGroup,
  WriteTx,
} from './store.ts';
import { Watches } from './watches.ts';
import { Writer } from './writer.ts';

/** Opens the tracker in a `.jit`. Nothing is touched before the first read or write. */
export function openStore(options: StoreOptions): GroupingStore {
  return new FileStore(options);
}

class FileStore implements GroupingStore {
  private readonly base: OpenFiles;
  private readonly reader: Reader;
  private readonly writer: Writer;
  private readonly watches: Watches;

  constructor(options: StoreOptions) {
    this.base = new OpenFiles(options);
    this.reader = new Reader(this.base);
    this.writer = new Writer(this.base);
    this.watches = new Watches(options.layout);
  }

  read<T>(body: (tx: ReadTx) => T): T {
    return this.reader.read('quick', body);
  }

  inspect(): TrackerFacts {
    return this.reader.inspect();
  }

  feed(): EventFeed {
    return new MonthFilesFeed(this.base.options.layout);
  }

  watch(): ChangeWatch {
    return this.watches.begin();
  }

  write<T>(body: (tx: WriteTx) => T): T {
    const session = this.writer.open();
    try {
      const result = session.write.part(body);
      session.commit();
      return result;
    } finally {
      session.end();
    }
  }

  rehearse<T>(body: (tx: WriteTx) => T): T {
    const { label, clock, settle, advance } = this.base.options;
    return this.reader.read('quick', ({ parts }) => {
      const facts = { actor: label.actor, clock, lastEvent: '', unsettled: [], advance };
      const write = new OpenWrite(parts, facts);
      write.part(settle);
      return write.part(body);
    });
  }

  openGroup(): WriteGroup {
    const session = this.writer.open();
    const storeFor = (actor: string): Store => ({
      read: (body) => body(session.write),
      write: (body) => session.write.part(body, actor),
      rehearse: (body) => session.write.rehearse(body, actor),
      inspect: () =>
        gatherFacts(session.write, this.base.options.layout, { documents: [], drifted: [] }),
      feed: () => this.feed(),
      watch: () => this.watch(),
      close: () => {},
    });
    const ending = (last: () => void) => () => {
      try {
        last();
      } finally {
        session.end();
      }
    };
    return { storeFor, commit: ending(() => session.commit()), rollback: ending(() => {}) };
  }

  close(): void {
    this.watches.close();
    this.base.close();
  }
}
