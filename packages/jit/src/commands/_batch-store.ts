import { JitError } from '@jit/contract/errors';
import type { GroupingStore, ReadTx, Store, WriteGroup, WriteTx } from '../store/store.ts';

/** Writes join the open group, and the first one opens it; until then reads take no lock. */
export class BatchStore {
  private readonly plain: () => GroupingStore;
  private group: WriteGroup | null = null;
  private openedAt = 0;
  private failure: unknown;

  /** @param plain opens the tracker; called when a line first needs it */
  constructor(plain: () => GroupingStore) {
    this.plain = plain;
  }

  get isOpen(): boolean {
    return this.group !== null;
  }

  /** A group is open, or could not be opened. */
  get isGrouping(): boolean {
    return this.group !== null || this.failure !== undefined;
  }

  /** For how many milliseconds the group has held the lock. */
  get openMs(): number {
    return this.group === null ? 0 : performance.now() - this.openedAt;
  }

  /** Takes the lock. After a failure every write fails the same way until the group ends, without waiting again. */
  open(): WriteGroup {
    if (this.failure !== undefined) throw this.failure;
    try {
      if (this.group === null) {
        this.group = this.plain().openGroup();
        this.openedAt = performance.now();
      }
      return this.group;
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  /** Makes the writes of the group durable. Errors: as `Store.write`. */
  commit(): void {
    const { group } = this;
    this.forget();
    group?.commit();
  }

  /** Gives the writes of the group up. */
  rollback(): void {
    const { group } = this;
    this.forget();
    group?.rollback();
  }

  private forget(): void {
    this.group = null;
    this.failure = undefined;
  }

  /** The store that the lines of one actor see. */
  storeFor(actor: string): GroupingStore {
    const current = (): Store => this.group?.storeFor(actor) ?? this.plain();
    return {
      read: <T>(body: (tx: ReadTx) => T): T => current().read(body),
      write: <T>(body: (tx: WriteTx) => T): T => this.open().storeFor(actor).write(body),
      rehearse: <T>(body: (tx: WriteTx) => T): T => current().rehearse(body),
      inspect: () => current().inspect(),
      feed: () => current().feed(),
      watch: () => this.plain().watch(),
      close: () => {},
      openGroup() {
        throw new JitError('usage', 'USAGE', 'a line of a batch has no group of its own');
      },
    };
  }
}
