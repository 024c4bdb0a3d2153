import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import type { Pulse } from '../daemon/pulse.ts';
import type { FollowedSite } from '../seeing/event-tail.ts';

/** What is served: all of it is there already, or is read from ledgers. */
export interface Served {
  /** With what the trackers say now. */
  status(): Promise<DispatcherStatusOutput>;
  /** In Prometheus' text form. */
  metrics(): Promise<{ readonly text: string; readonly type: string }>;
  pulse(): Pulse;
  /** Why the last cycle failed, in words. */
  lastError(): string | null;
  sites(): readonly FollowedSite[];
  uptimeMs(): number;
  pollMs(): number;
  now(): Date;
  /** Ends what streams when the server is closed. */
  readonly closing: AbortSignal;
  /** A reader that takes nothing for so long is dropped. */
  readonly patienceMs: number;
}
