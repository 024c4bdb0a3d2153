import type { WorkClass } from '@jit/contract/vocabulary';
import type { AgentKind, Outside } from './agent-kinds.ts';
import type { ChoosingConfig } from './choosing.ts';
import type { ForgeAccess, ForgesConfig } from './forges.ts';
import type { HealthCheck, OperatingConfig } from './operating.ts';
import type { PullRequestConfig } from './pull-request.ts';

/** How an agent is handed its issue as JSON, or its prompt. */
export type HandOver = 'stdin' | 'file' | 'env';

/** When a run counts as done: when the agent finished the issue itself, or when it exits with 0. */
export type Completion = 'issue' | 'exit';

/** One configured agent. */
export interface AgentConfig {
  readonly id: string;
  /** Its name for people. */
  readonly title: string | null;
  readonly kind: AgentKind;
  /** Of an agent that is no program here; null for kind `command`. */
  readonly outside: Outside | null;
  readonly type: string | null;
  readonly capacity: number;
  readonly tags: readonly string[];
  readonly role: string | null;
  readonly capabilities: readonly string[];
  readonly skills: readonly string[];
  /** Kinds of work it is best at. */
  readonly strengths: readonly string[];
  readonly class: WorkClass;
  readonly mayTakeHighRisk: boolean;
  /** Argument templates, of kind `command` only; the program is an absolute path or a name looked up on PATH. */
  readonly argv: readonly string[];
  readonly completion: Completion;
  readonly issueJson: HandOver | null;
  readonly prompt: HandOver | null;
  readonly health: HealthCheck | null;
  readonly env: Readonly<Record<string, string>>;
  readonly passEnv: readonly string[];
  /** Names of further variables whose values are kept out of its output. */
  readonly redact: readonly string[];
  /** 0: none. */
  readonly timeLimitSecs: number;
  readonly stall: StallLimits;
  /** Agents of one account rest together when its provider asks for patience. */
  readonly account: string;
  readonly rateLimitExit: readonly number[];
  readonly rateLimitPattern: RegExp | null;
}

/** How long an agent may be silent, in seconds; 0 means never. */
export interface StallLimits {
  readonly startupGraceSecs: number;
  readonly warnSecs: number;
  readonly notifySecs: number;
  readonly stopSecs: number;
}

/** What failed work may cost. */
export interface RetryLimits {
  /** Failures of one agent at an issue until it is excluded. */
  readonly attemptsPerAgent: number;
  /** Attempts at an issue until a person has to look. */
  readonly lifetime: number;
  readonly firstSecs: number;
  readonly maxSecs: number;
}

/** When an agent that keeps failing is given a rest. */
export interface BreakerLimits {
  readonly failures: number;
  readonly windowSecs: number;
  readonly pauseSecs: number;
  readonly maxPauseSecs: number;
  readonly resetSecs: number;
}

/** The configuration of a dispatcher, checked and complete. */
export interface DispatchConfig extends OperatingConfig {
  readonly file: string;
  /** The folder of the file: relative programs and the dispatcher's own files start there. */
  readonly folder: string;
  readonly name: string | null;
  readonly pollIntervalSecs: number;
  readonly maxConcurrent: number;
  readonly watch: boolean;
  readonly leaseSecs: number;
  readonly stopGraceSecs: number;
  readonly drainSecs: number;
  /** How long folders and records of ended runs are kept. */
  readonly historyDays: number;
  readonly tracker: {
    readonly argv: readonly string[] | null;
    readonly dir: string | null;
    readonly timeoutSecs: number;
    /** The issues of a forge instead of `jit`; null: `jit`. */
    readonly forge: ForgeAccess | null;
    /** Of agents that have an issue of a forge: with `{agent_id}` in it. */
    readonly agentLabel: string;
    /** Who is assigned on a forge while an agent has an issue, perhaps with `{agent_id}` in it; null: nobody. */
    readonly assign: string | null;
    /** Login names whose claims count on a forge; none: that of the token. */
    readonly accounts: readonly string[];
  };
  readonly retry: RetryLimits;
  readonly breaker: BreakerLimits;
  readonly rateLimit: {
    readonly pauseSecs: number;
    /** Waits of one issue in a row until a person has to look. */
    readonly maxWaits: number;
  };
  readonly escalation: {
    readonly hook: readonly string[] | null;
    readonly hookTimeoutSecs: number;
    readonly repeatSecs: number;
    readonly repeats: number;
  };
  readonly qa: {
    readonly gates: boolean;
    readonly timeoutSecs: number;
    readonly attemptsPerAgent: number;
  };
  readonly choosing: ChoosingConfig;
  readonly forges: ForgesConfig;
  /** Null: none are opened. */
  readonly pullRequest: PullRequestConfig | null;
  readonly agents: readonly AgentConfig[];
}
