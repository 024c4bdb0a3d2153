import type { ForgeAccess } from './forges.ts';
import type { NotifyEvent } from './notify-events.ts';

/** How far one kind of work may go at a time: over all agents and dispatchers of a repository. */
export interface WorkLimit {
  /** Either a label, `key:value` or plain, … */
  readonly label: string | null;
  /** … or a state that issues wait in, such as `gated`. */
  readonly state: 'in_progress' | 'gated' | null;
  readonly max: number;
}

/** Who is told what happens, besides the escalation hook. */
export interface NotifyTarget {
  readonly hook: readonly string[] | null;
  readonly url: string | null;
  /** Kinds of events, or empty for all. */
  readonly events: readonly NotifyEvent[];
  /** The variable whose value is sent as a bearer token, or null. */
  readonly tokenEnv: string | null;
  readonly timeoutSecs: number;
  readonly attempts: number;
}

/** How an agent's health is asked for. */
export interface HealthCheck {
  readonly argv: readonly string[] | null;
  readonly url: string | null;
  readonly intervalSecs: number;
  readonly timeoutSecs: number;
}

/** One of several repositories that a dispatcher works for. */
export interface RepositoryConfig {
  readonly name: string;
  readonly weight: number;
  /** How `jit` is started for it, or null for the default. */
  readonly argv: readonly string[] | null;
  readonly dir: string | null;
  /** The issues of a forge instead of `jit`; null: `jit`. */
  readonly forge: ForgeAccess | null;
}

/** Where agents work. */
export interface WorkspaceConfig {
  readonly kind: 'none' | 'dir' | 'worktree';
  /** An absolute path, not yet resolved; null: `workspaces` beside the dispatcher's own folders. */
  readonly root: string | null;
  /** A branch name with `{issue_id}` in it. */
  readonly branch: string;
  /** What a new branch begins at. */
  readonly base: string;
  readonly keepFailedHours: number;
  readonly keepRejectedHours: number;
  readonly hooks: {
    readonly create: readonly string[] | null;
    readonly before: readonly string[] | null;
    readonly after: readonly string[] | null;
    readonly remove: readonly string[] | null;
    readonly timeoutSecs: number;
  };
}

/** What agents are told. */
export interface PromptConfig {
  /** The template's file, or null for the one that comes with the program. */
  readonly template: string | null;
  /** What is in it, or in the built-in one; null where no agent takes a prompt. */
  readonly templateText: string | null;
  readonly budgetTokens: number;
}

/** How a dispatcher is run: the part of its configuration that is not about agents and failures. */
export interface OperatingConfig {
  readonly order: {
    /** An issue counts one step more urgent for each of these that it waits; 0 turns it off. */
    readonly ageStepHours: number;
    readonly ageMaxSteps: number;
    /** A reserved issue whose agent had no room for so long goes to another one; 0: never. */
    readonly stealAfterSecs: number;
  };
  readonly limits: readonly WorkLimit[];
  readonly admission: {
    readonly minFreeDiskMb: number;
    readonly minFreeDiskPercent: number;
    /** Load of the last minute per processor; 0 turns it off. */
    readonly maxLoadPerCpu: number;
  };
  readonly workspace: WorkspaceConfig;
  readonly prompt: PromptConfig;
  readonly notify: readonly NotifyTarget[];
  /** Address to serve status, events and metrics on; null: nothing is served. */
  readonly http: { readonly host: string; readonly port: number } | null;
  /** Empty: the one that `[tracker]` names or that is found from here. */
  readonly repositories: readonly RepositoryConfig[];
}
