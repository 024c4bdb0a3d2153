import type { TrackerProgram } from './tracker/tracker-program.ts';

/** The files of a run's folder: how dispatcher and keeper talk to each other. */
export const RUN_FILES = {
  spec: 'spec.json',
  keeper: 'keeper.json',
  agent: 'agent.json',
  exit: 'exit.json',
  issue: 'issue.json',
  /** How its end is judged, whatever becomes of the configuration meanwhile. */
  rules: 'rules.json',
  /** The first file of the output; those that follow are numbered. */
  output: 'output.log',
  row: 'run.json',
  feedback: 'feedback.txt',
  prompt: 'prompt.md',
  /** Touched by an agent that works and has nothing to print. */
  heartbeat: 'heartbeat',
  stall: 'stall.json',
  /** Of an agent that works elsewhere: what was asked of it there, and what came of it. */
  assignment: 'assignment.json',
  verdict: 'verdict.json',
} as const;

/** What tells one process from every other one, also after its pid was given away again. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly start_time: string;
  readonly boot_id: string;
}

/** Where an agent works, if not in the folder that holds `.jit`. Its keeper makes it ready. */
export interface WorkspaceSpec {
  readonly kind: 'dir' | 'worktree';
  /** A folder of the git repository that worktrees belong to. */
  readonly repository: string;
  /** The `.jit` folder, which no root may lie in; null where it is on another machine. */
  readonly jit_dir: string | null;
  /** The folder that holds the workspaces, absolute, as it was configured. */
  readonly root: string;
  /** Where the workspace has to be, with all links in the root resolved. */
  readonly path: string;
  /** Of a worktree; null for a plain folder. */
  readonly branch: string | null;
  /** What a new branch begins at. */
  readonly base: string;
  /** The name of the dispatcher that wants it. */
  readonly dispatcher: string;
  readonly hooks: Readonly<Record<'create' | 'before' | 'after', readonly string[] | null>>;
  readonly hook_timeout_secs: number;
}

/** `spec.json`: everything a keeper needs to know, written by the dispatcher before it starts. */
export interface KeeperSpec {
  readonly run: string;
  readonly issue: string;
  readonly agent: string;
  readonly attempt: number;
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Null: the agent runs in `cwd` as it stands. Else `cwd` is its path. */
  readonly workspace: WorkspaceSpec | null;
  /** Variables passed on from the keeper's own environment; a name ending in `*` is a prefix. */
  readonly pass_env: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string | null;
  readonly tracker: TrackerProgram;
  readonly token: string;
  /** Null: its claim has no lease, so there is nothing to renew. */
  readonly ttl_secs: number | null;
  /** Uptime in milliseconds at which the claim was asked for: the lease ends `ttl_secs` later. */
  readonly leased_at_ms: number;
  /** 0: none. */
  readonly time_limit_secs: number;
  readonly stop_grace_secs: number;
  readonly output_cap_bytes: number;
  /** Limits of silence in seconds; 0 means never. */
  readonly stall: {
    readonly startup_grace_secs: number;
    readonly warn_secs: number;
    readonly notify_secs: number;
    readonly stop_secs: number;
  };
  /**
   * Names of variables whose values are kept out of the output, besides the token and what looks
   * secret by its name. The values are not here: the keeper has them in its own environment.
   */
  readonly secrets: readonly string[];
}

/** `keeper.json`: whoever creates it decides whether the agent is ever started. */
export type KeeperRecord = ProcessIdentity | { readonly abandoned: true };

/** `agent.json` */
export interface AgentRecord extends ProcessIdentity {
  readonly started_at: string;
}

/** How far the silence of an agent has got. */
export type StallStage = 'none' | 'warned' | 'notified' | 'stopped';

/** `stall.json`: written when the stage changes, also back to `none`. */
export interface StallRecord {
  readonly stage: StallStage;
  /** The last sign of life, or the start. */
  readonly silent_since: string;
  readonly at: string;
}

/** Why the agent is no longer running. */
export type ExitReason =
  | 'exited'
  | 'spawn_failed'
  /** There was no workspace to start the agent in. */
  | 'workspace_failed'
  | 'timed_out'
  | 'stalled'
  | 'lost_claim'
  | 'lease_not_renewed'
  | 'canceled'
  | 'keeper_failed';

/** `exit.json`: the end of the run, as its keeper saw it. */
export interface ExitRecord {
  /** Another reason than `exited` only if the keeper, or somebody for it, really ended the agent. */
  readonly reason: ExitReason;
  readonly message: string;
  readonly code: number | null;
  /** With `exited`: a signal that the keeper did not send. */
  readonly signal: string | null;
  readonly started_at: string | null;
  readonly ended_at: string;
  /** Which part of the output is the agent's own, in bytes: hooks print before and after it. */
  readonly agent_output?: { readonly from: number; readonly to: number } | undefined;
  /** Where a keeper that failed did so; for people who look into the folder, never passed on. */
  readonly stack?: string | undefined;
}

/**
 * `assignment.json`: work that was brought to an agent elsewhere. `asked`: whether it arrived is not known.
 * `standing`: it arrived, and nobody has ended it. `over`: there is nothing left to take back.
 */
export interface AssignmentRecord {
  readonly kind: string;
  readonly issue: string;
  readonly agent: string;
  /** The run that brought it: its name over there. A later run of the same agent may go on with it. */
  readonly key: string;
  readonly is: 'asked' | 'standing' | 'over';
  /** What the kind needs to find it again. */
  readonly ref: Readonly<Record<string, unknown>>;
  readonly at: string;
}

/** `verdict.json`: how the work of an agent elsewhere ended. Without it, only the exit code tells. */
export interface VerdictRecord {
  /** `not_now`: the other side asks for patience. `taken_back`: a person there ended it on purpose. */
  readonly is: 'done' | 'failed' | 'not_now' | 'taken_back';
  /** Whose failure it is, where it failed. */
  readonly failed: 'agent' | 'environment' | null;
  /** A stable word. */
  readonly reason: string;
  readonly detail: string;
}
