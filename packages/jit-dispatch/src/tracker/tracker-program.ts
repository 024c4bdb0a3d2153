/** How to run the tracker's program. */
export interface TrackerProgram {
  readonly argv: readonly string[];
  /** Appended to every call, e.g. `--dir` for a tracker on another machine. */
  readonly suffix: readonly string[];
  readonly cwd: string;
  /** Added to the environment of the caller. */
  readonly env: Readonly<Record<string, string>>;
}
