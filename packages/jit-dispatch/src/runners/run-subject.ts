import type { AssignmentRecord, KeeperSpec, WorkspaceSpec } from '../run-records.ts';

/** What a run is about. */
export interface RunSubject {
  readonly run: string;
  readonly issue: string;
  readonly attempt: number;
  readonly token: string;
  readonly leasedAtMs: number;
  /** The issue as JSON text. */
  readonly issueJson: string;
  /** What earlier tries have shown, as text for the agent; null where there is nothing. */
  readonly feedback: string | null;
  /** What the agent is told to do; null for one that takes no prompt. */
  readonly prompt: string | null;
  /** Where it is worked on; null: in the folder of the place. */
  readonly workspace: WorkspaceSpec | null;
  /** What kind of work it was taken for; null: nobody said. */
  readonly taskType: string | null;
  /** What an agent elsewhere was left with by an earlier run, where this one goes on with it. */
  readonly earlier: AssignmentRecord | null;
}

/** Where agents run, and with what. */
export interface RunPlace {
  readonly cwd: string;
  /** The `.jit` folder, or null where the tracker is on another machine. */
  readonly jitDir: string | null;
  /** PATH for agents, if it is not simply passed on. */
  readonly path: string | null;
  readonly tracker: KeeperSpec['tracker'];
  readonly runFolder: string;
  /** The name of the dispatcher. */
  readonly dispatcher: string;
  /** The bundle that stands for an agent that works elsewhere. */
  readonly envoyFile: string;
  readonly leaseSecs: number;
  readonly stopGraceSecs: number;
}
