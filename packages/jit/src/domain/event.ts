import type { EventType } from '@jit/contract/vocabulary';

/** One line of the event log; further fields depend on the type. */
export interface Event {
  /** ULID: ids sort by time. */
  readonly id: string;
  readonly at: string;
  readonly type: EventType;
  readonly issue: string | null;
  readonly actor: string;
  readonly attempt?: number;
  readonly [field: string]: unknown;
}

/** An event before it got its id, time and actor. */
export interface EventDraft {
  readonly type: EventType;
  readonly issue: string | null;
  readonly attempt?: number;
  readonly actor?: string;
  readonly [field: string]: unknown;
}
