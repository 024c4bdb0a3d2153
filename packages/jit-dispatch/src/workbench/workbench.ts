import type { DispatchConfig } from '../config/config.ts';
import type { Dispatcher } from '../daemon/dispatcher.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Site } from '../sites.ts';
import type { LocatedTracker } from '../tracker/locate-tracker.ts';
import type { OpenOptions } from './open-dispatcher.ts';
import type { Setup } from './setup.ts';

/** What operations work with: everything that belongs to one dispatcher, opened when it is first asked for. */
export interface Workbench {
  /** For operations that also work where there is no configuration, or a broken one: the others throw what is wrong. */
  readonly setup: Setup;
  /** The one in effect: another one after `freshen` took up a change. */
  readonly config: DispatchConfig;
  /** Names of the agents, with those that were registered just now: a dispatcher at work has them from its next cycle on. */
  agentNames(): readonly string[];
  readonly name: string;
  /** The folder of this dispatcher's own files. */
  readonly folder: string;
  /** The repositories it works for, at least one. */
  readonly sites: readonly Site[];
  /** Takes up what changed in the configuration. For a process in which no dispatcher does. */
  freshen(): Promise<void>;
  now(): Date;
  /** Tells the caller something beside the answer. */
  warn(message: string): void;
  /** The tracker of a site; without one, of the first. `labels`: the filter of a forge, where it is not as configured. */
  locateTracker(site?: Site, labels?: readonly string[]): Promise<LocatedTracker>;
  /** The ledger of a site (default: the first), or null if nothing was ever dispatched there under this name. `isChecked`: looks for damage first. */
  readLedger(site?: Site, isChecked?: boolean): Promise<Ledger | null>;
  /** Everything that dispatching in one site needs. Throws if its ledger can't be used. */
  openDispatcher(options: OpenOptions, site?: Site): Promise<Dispatcher>;
  /** Makes the folders of this dispatcher and of all its sites. */
  makeFolder(): void;
  close(): void;
}
