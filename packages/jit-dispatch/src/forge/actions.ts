/** A run of a workflow. Times are RFC 3339. */
export interface WorkflowRun {
  readonly id: number;
  /** As the workflow's `run-name` says, if it has one. */
  readonly title: string;
  /** In GitHub's words: `queued`, `in_progress`, `completed`, … */
  readonly status: string;
  /** Null until it is over: then `success`, `failure`, `cancelled`, `timed_out`, … */
  readonly conclusion: string | null;
  readonly is_over: boolean;
  readonly branch: string | null;
  readonly url: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** A workflow to start. */
export interface WorkflowStart {
  /** The name of its file, or its id. */
  readonly workflow: string;
  /** Branch or tag. */
  readonly ref: string;
  /** Inputs that the workflow declares: 25 at most; others are refused (`FORGE_REFUSED`). */
  readonly inputs: Readonly<Record<string, string>>;
}

/** What tells the run of a start from others. */
export interface RunSearch {
  readonly workflow: string;
  /** A unique text that the workflow puts into its `run-name` from an input. */
  readonly correlation: string;
  /** When it was started, by our clock; RFC 3339. */
  readonly since: string;
}

/**
 * Workflows of one GitHub repository. Errors are those of `Forge`.
 *
 * GitHub tells which run a start made since API version 2026-03-10, and before that where it is asked
 * to (`return_run_details`); GitHub Enterprise Server up to 3.19 does not. There, and where the answer
 * was lost, the run is found by a text that the workflow repeats:
 * `run-name: work on ${{ inputs.run }}` with the input `run`.
 */
export interface Actions {
  /** Starts a workflow. Returns the id of its run, or null where GitHub does not tell: then `findRun` does. */
  startWorkflow(start: WorkflowStart): Promise<number | null>;
  /** The run with that text in its title, the first one if there are several; null while there is none. */
  findRun(search: RunSearch): Promise<WorkflowRun | null>;
  /** One run, or null where there is none (any more). */
  readRun(id: number): Promise<WorkflowRun | null>;
  /** Asks for its end, which comes later. False where it is over or not there. */
  cancelRun(id: number): Promise<boolean>;
}
