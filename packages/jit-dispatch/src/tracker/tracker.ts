import type { FailureClass, Priority, ShownState } from '@jit/contract/vocabulary';

/** An issue as the dispatcher needs it. */
export interface TrackerIssue {
  readonly id: string;
  readonly title: string;
  readonly state: ShownState;
  readonly priority: Priority;
  readonly assignee: string | null;
  readonly labels: readonly string[];
  readonly attempt: number;
  readonly isClaimed: boolean;
  readonly created_at: string;
  /** The issue exactly as the tracker printed it, for the agent. */
  readonly whole: unknown;
}

/** A line of the tracker's log, as far as the dispatcher reads it; what a type does not have is null. */
export interface TrackerEvent {
  readonly type: string;
  readonly at: string;
  readonly actor: string;
  readonly attempt: number | null;
  readonly assignee: string | null;
  readonly reason: string | null;
  readonly failed: FailureClass | null;
  readonly labels: { readonly from: readonly string[]; readonly to: readonly string[] } | null;
  readonly metadata: {
    readonly from: Readonly<Record<string, unknown>>;
    readonly to: Readonly<Record<string, unknown>>;
  } | null;
  /** Until when it rests since then (RFC 3339); null: nothing was said of that, or it rests no more. */
  readonly deferred: string | null;
  readonly text: string | null;
}

/** One call to the tracker; several go together. */
export type TrackerCall =
  | { readonly do: 'assigned'; readonly agent: string }
  | { readonly do: 'show'; readonly issue: string }
  | {
      readonly do: 'claim';
      readonly issue: string;
      readonly agent: string;
      readonly token: string;
      /** Null: a claim that does not end by itself. */
      readonly ttlSecs: number | null;
      readonly maxHeld: number;
      /** What kind of work it is; null or left out: nobody knows. Told to people where the tracker writes to them. */
      readonly taskType?: string | null;
      /** The agent's name for people, told there as well. */
      readonly agentTitle?: string | null;
    }
  /** `ttlSecs`: gives a lease to a claim that has none. */
  | {
      readonly do: 'heartbeat';
      readonly issue: string;
      readonly token: string;
      readonly ttlSecs?: number;
    }
  | { readonly do: 'finish'; readonly issue: string; readonly token: string }
  | {
      readonly do: 'release';
      readonly issue: string;
      readonly token: string;
      readonly reason: string;
      readonly failed: FailureClass | null;
      readonly deferSecs: number | null;
    }
  | { readonly do: 'defer'; readonly issue: string; readonly until: string }
  /** How the claims of an issue were given back, oldest first. */
  | { readonly do: 'releases'; readonly issue: string }
  | { readonly do: 'gate_status'; readonly issue: string }
  /** What it depends on, with the states of these. */
  | { readonly do: 'dependencies'; readonly issue: string }
  /** Its claims and the dependencies that were added to it, oldest first. */
  | { readonly do: 'additions'; readonly issue: string }
  | {
      readonly do: 'gate_log';
      readonly issue: string;
      readonly gate: string;
      readonly gateRun: string;
    }
  /** The ends of its claims and the changes of its labels, oldest first. */
  | { readonly do: 'history'; readonly issue: string }
  | { readonly do: 'comments'; readonly issue: string }
  | { readonly do: 'comment'; readonly issue: string; readonly text: string }
  /** Links it to an address, under a name. */
  | { readonly do: 'link'; readonly issue: string; readonly name: string; readonly url: string }
  /** Puts the label on that keeps dispatchers away; CONDITION_NOT_MET if it is on, or the state is another. */
  | {
      readonly do: 'escalate';
      readonly issue: string;
      readonly state: 'ready' | 'unfinished';
      /** Values of its metadata to write with it. */
      readonly metadata?: Readonly<Record<string, string>>;
    }
  /** Takes the labels off that keep dispatchers away and ends a rest; CONDITION_NOT_MET if it is in progress or finished. */
  | {
      readonly do: 'admit';
      readonly issue: string;
      /** Values of its metadata to write with it. */
      readonly metadata?: Readonly<Record<string, string>>;
      /** Left out: as it was. */
      readonly priority?: Priority | undefined;
      /** It rests until then (RFC 3339); null or left out: no more. */
      readonly until?: string | null;
      /** Who said so; left out: this dispatcher. */
      readonly by?: string;
    }
  /** Puts the label on by which a person keeps dispatchers away; CONDITION_NOT_MET if it is on, or it is finished. */
  | { readonly do: 'hold'; readonly issue: string }
  /** Takes that label off, whatever the state. */
  | { readonly do: 'unhold'; readonly issue: string }
  /** All that is in its log, oldest first. */
  | { readonly do: 'log'; readonly issue: string }
  /** The newest claims of all issues, oldest first. */
  | { readonly do: 'claims' }
  /** Fails with CONDITION_NOT_MET unless it is ready and reserved for that agent; changes nothing. */
  | { readonly do: 'is_reserved'; readonly issue: string; readonly agent: string }
  /** Reserves it for an agent. */
  | { readonly do: 'reserve'; readonly issue: string; readonly agent: string }
  /** Why it is or is not ready. */
  | { readonly do: 'explain'; readonly issue: string };

/** What came of one call. `unknown`: no answer, it may or may not have happened. */
export type TrackerAnswer =
  | {
      readonly is: 'ok';
      readonly issues: readonly TrackerIssue[];
      /** As the tracker printed it. */
      readonly result?: unknown;
      /** What `history` and `comments` ask for. */
      readonly events?: readonly TrackerEvent[];
    }
  | {
      readonly is: 'refused';
      readonly exit: number;
      readonly code: string;
      readonly message: string;
      readonly retryable: boolean;
    }
  | { readonly is: 'unknown'; readonly message: string };

/** What of ready issues is asked for. */
export interface ReadyOptions {
  /** Description, criteria, documents and metadata too, where the tracker can show them. */
  readonly withTexts?: boolean;
}

/**
 * Everything the dispatcher knows about the tracker. Every method throws a JitError (`TRACKER_…`,
 * exit 10) when the tracker can't be asked or does not answer sensibly; that is never "no work".
 */
export interface Tracker {
  /** The `.jit` folder on the tracker's machine. */
  where(): Promise<string>;
  /** Ready issues, in the order in which the tracker would give them out; `withTexts`: with all that people wrote. */
  ready(options?: ReadyOptions): Promise<readonly TrackerIssue[]>;
  inState(state: 'in_progress' | 'gated'): Promise<readonly TrackerIssue[]>;
  /** Makes the calls in order, in one go; one that is refused does not stop the next. */
  call(calls: readonly TrackerCall[]): Promise<readonly TrackerAnswer[]>;
  /** The same, all or nothing. */
  callTogether(calls: readonly TrackerCall[]): Promise<readonly TrackerAnswer[]>;
}
