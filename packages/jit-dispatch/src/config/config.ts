/** What an agent's issue is handed over as. */
export type IssueJson = 'stdin' | 'file' | 'env';

/** When a run counts as done: when the agent finished the issue itself, or when it exits with 0. */
export type Completion = 'issue' | 'exit';

/** One configured agent. */
export interface AgentConfig {
  readonly id: string;
  readonly type: string | null;
  readonly capacity: number;
  readonly tags: readonly string[];
  /** Argument templates; the program is an absolute path or a name looked up on PATH. */
  readonly argv: readonly string[];
  readonly completion: Completion;
  readonly issueJson: IssueJson | null;
  readonly env: Readonly<Record<string, string>>;
  readonly passEnv: readonly string[];
  readonly timeLimitSecs: number;
}

/** The configuration of a dispatcher, checked and complete. */
export interface DispatchConfig {
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
  readonly tracker: {
    readonly argv: readonly string[] | null;
    readonly dir: string | null;
    readonly timeoutSecs: number;
  };
  readonly agents: readonly AgentConfig[];
}
