import type { DispatchConfig } from '../config/config.ts';
import type { LiveConfig } from '../config/live-config.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunHost } from '../runners/run-host.ts';
import type { RunPlace } from '../runners/run-subject.ts';
import type { Timers } from '../timers.ts';
import type { Tracker } from '../tracker/tracker.ts';
import type { Log } from './log.ts';
import type { CycleStep, GateStep, PullStep } from './steps.ts';

/** Everything a dispatcher works with in one repository. One of several has one for each of them. */
export interface Dispatcher {
  readonly name: string;
  /** The repository's name in `[[repositories]]`; empty where there is only one. */
  readonly repository: string;
  /** It is configured no more: its live runs are settled, and nothing is started. */
  readonly isRetired?: boolean;
  /** The configuration in effect: it may be another one after each cycle's look at its file. */
  readonly config: DispatchConfig;
  readonly live: LiveConfig;
  readonly tracker: Tracker;
  readonly ledger: Ledger;
  readonly host: RunHost;
  readonly place: Omit<RunPlace, 'runFolder'>;
  /** The environment of this process without the claim of an agent that may have started it: for hooks. */
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Log;
  /** The same log for what concerns no single repository. */
  readonly baseLog: Log;
  now(): Date;
  /** In [0, 1). */
  random(): number;
  /** Milliseconds since the machine was started. */
  uptimeMs(): number;
  readonly timers: Timers;
  newRunId(): string;
  newToken(): string;
  /** Marks a step, for the crash tests. */
  step(name: CycleStep | GateStep | PullStep): void;
}
