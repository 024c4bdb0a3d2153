import type { LogEntry } from '../daemon/log.ts';
import type { Choices } from '../operations/dispatching/with-choices.ts';

/** What a dispatcher is made with, besides its configuration. */
export interface DispatcherOptions {
  /** Its name; default as the configuration says, else the host name. */
  readonly name?: string | undefined;
  /** The `.jit` folder, or the one that holds it. */
  readonly dir?: string | undefined;
  /** The folder that paths start in and, for a configuration that is an object, that `.jit-dispatch` lies in; default: the working directory. */
  readonly folder?: string | undefined;
  /** Default: that of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Is told what a running dispatcher decides and does; default: nobody is. */
  readonly log?: ((entry: LogEntry) => void) | null | undefined;
  /** Is told what is worth knowing beside the answers; default: nobody is. */
  readonly warn?: ((message: string) => void) | undefined;
}

/** Which of several repositories is meant; all, or the only one that has the issue, where it is left out. */
export interface WithinRepository {
  readonly repository?: string | undefined;
}

/** How long another command of the same name is waited for. */
export interface LockPatience {
  /** Seconds; default 10. */
  readonly lockTimeoutSecs?: number | undefined;
}

/** What `start` may be told. */
export interface StartOptions extends LockPatience {
  /** SIGTERM and SIGINT of this process ask it to stop, the second one stops its agents, too. Default: they end the process. */
  readonly signals?: boolean | undefined;
}

/** What `stop` may be told. */
export interface StopOptions {
  /** Stop its agents, too; that is no failure of theirs. */
  readonly now?: boolean | undefined;
  /** Wait at most so long; default: as long as it takes. It goes on stopping. */
  readonly timeoutSecs?: number | undefined;
}

/** What `once` may be told. */
export interface CycleOptions extends LockPatience, WithinRepository, Choices {
  /** Look and plan only: nothing is written or started. */
  readonly dryRun?: boolean | undefined;
  /** Start at most so many issues. */
  readonly maxIssues?: number | undefined;
}

/** What `cancel` and `reassign` may be told. */
export interface OrderOptions extends LockPatience, WithinRepository {
  /** Why, for whoever looks later. */
  readonly reason?: string | undefined;
  /** Seconds to wait for it to be carried out; default 30, 0: not at all. */
  readonly waitSecs?: number | undefined;
}

/** What `waitFor` may be told. */
export interface WaitOptions extends WithinRepository {
  /** Wait at most so long; default 7200. */
  readonly timeoutSecs?: number | undefined;
}

/** What is paused or resumed: everything, or only one agent or one repository. */
export interface ScopeOptions extends WithinRepository {
  readonly agent?: string | undefined;
}

/** What `pause` may be told. */
export interface PauseOptions extends ScopeOptions {
  /** Why, for whoever looks later. */
  readonly reason?: string | undefined;
  /** It ends by itself then (RFC 3339). */
  readonly until?: string | undefined;
  /** It ends by itself after so many seconds. */
  readonly forSecs?: number | undefined;
}

/** What `resume` may be told. */
export interface ResumeOptions extends ScopeOptions {
  /** Every pause. */
  readonly all?: boolean | undefined;
}

/** What `drain` may be told. */
export interface DrainOptions {
  /** Why, for whoever looks later. */
  readonly reason?: string | undefined;
  /** Wait at most so long; default: as long as it takes. */
  readonly timeoutSecs?: number | undefined;
}

/** What `explain` may be told. */
export interface ExplainOptions extends WithinRepository {
  /** As a cycle would decide that starts at most so many issues. */
  readonly maxIssues?: number | undefined;
}

/** How a status is watched. */
export interface WatchStatusOptions {
  /** Seconds between two looks; default 5. */
  readonly intervalSecs?: number | undefined;
  /** Tell it after each look, not only when something changed. */
  readonly isEachTold?: boolean | undefined;
}

/** From where events are watched. */
export interface WatchEventsOptions {
  /** The id of the last event that was seen. */
  readonly since?: string | undefined;
}

/** Which runs are asked for. */
export interface RunsFilter extends WithinRepository {
  /** Also runs that have ended. */
  readonly all?: boolean | undefined;
  /** All runs of one issue, by its id or a unique beginning. */
  readonly issue?: string | undefined;
  /** All runs of one agent. */
  readonly agent?: string | undefined;
  /** The latest so many. */
  readonly limit?: number | undefined;
}

/** What `show` may be told. */
export interface ShowOptions extends WithinRepository {
  /** So many of the last lines of its output; default 10. */
  readonly tail?: number | undefined;
}

/** What `logs` may be told. */
export interface LogOptions {
  /** The last so many lines; default: all that was kept. */
  readonly tail?: number | undefined;
}

/** Which runs are counted. */
export interface StatsOptions extends ScopeOptions {
  /** Runs created since then (RFC 3339). */
  readonly since?: string | undefined;
  /** Runs of the last so many days. */
  readonly days?: number | undefined;
}
