import type { FailureClass, RunState, WorkClass } from '@jit/contract/vocabulary';

/** One run, as the ledger holds it. */
export interface Run {
  readonly run: string;
  readonly issue: string;
  readonly title: string;
  readonly agent: string;
  readonly state: RunState;
  /** The token of its claim; never printed. */
  readonly token: string;
  readonly attempt: number | null;
  readonly completion: 'issue' | 'exit';
  readonly reason: string | null;
  readonly detail: string | null;
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly pid: number | null;
  readonly log: string | null;
  readonly created_at: string;
  readonly dispatched_at: string | null;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  /** The class of its failure, or null if it did not fail. */
  readonly failed: FailureClass | null;
  /** Failures of the issue that counted when the run was created: the next rest depends on it. */
  readonly failures: number;
  /** How often the exit gates were begun for it. */
  readonly gate_tries: number;
  /** The folder it works in, where that is one of its issue's own. */
  readonly workspace: string | null;
  /** What kind of task its issue was taken for; null: nobody said. */
  readonly task_type: string | null;
  /** Who the work of its issue was taken to be for; null: nobody said. */
  readonly class: WorkClass | null;
  /** How well its agent was found to fit; null: not counted. */
  readonly score: number | null;
}

/** The columns of a run that change. */
export type RunChange = Partial<
  Pick<
    Run,
    | 'state'
    | 'attempt'
    | 'reason'
    | 'detail'
    | 'exit_code'
    | 'signal'
    | 'pid'
    | 'log'
    | 'dispatched_at'
    | 'started_at'
    | 'ended_at'
    | 'failed'
    | 'gate_tries'
    | 'workspace'
  >
>;

/** Which runs to list. */
export interface RunFilter {
  readonly issue?: string | undefined;
  readonly agent?: string | undefined;
  readonly limit?: number | undefined;
}
