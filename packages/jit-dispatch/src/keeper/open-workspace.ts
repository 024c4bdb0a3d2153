import type { ExitReason, KeeperSpec } from '../run-records.ts';
import { messageOf } from '../workspaces/place.ts';
import { prepareWorkspace, type WorkspaceStep } from '../workspaces/prepare.ts';
import type { OpenOutput } from './agent-output.ts';
import { timestamp } from './clock.ts';

/** What ends work in a workspace early. */
export interface StopSource {
  readonly reason: ExitReason | null;
  /** Calls back at each request to stop from now on. */
  onRequest(callback: () => void): void;
}

/** The workspace of a run, ready for its agent. */
export interface RunWorkspace {
  /** Why nothing may be started in it, or null. */
  problem(): string | null;
  /** When its agent has ended: runs its `after` hook and lets others have it. */
  leave(): Promise<void>;
  /** Lets others have it. */
  release(): void;
}

/** A run without a workspace. */
const NONE: RunWorkspace = { problem: () => null, leave: async () => {}, release() {} };

/** After these somebody else may work for the issue by now. */
const NOT_OURS: readonly (ExitReason | null)[] = ['lost_claim', 'lease_not_renewed'];

/** Makes the workspace of a run ready, if it has one; a text says why there is none. */
export async function openWorkspace(
  { workspace: spec, issue, stop_grace_secs }: KeeperSpec,
  {
    given,
    output,
    stop,
    step,
  }: {
    /** The environment of the agent. */
    readonly given: NodeJS.ProcessEnv;
    readonly output: OpenOutput;
    readonly stop: StopSource;
    step(name: WorkspaceStep): void;
  },
): Promise<RunWorkspace | string> {
  if (!spec || stop.reason !== null) return NONE;
  // Hooks prepare; they don't work under the claim.
  const { JIT_CLAIM: _, ...environment } = given;
  const stream = output();
  const write = (chunk: Uint8Array) => stream.write(chunk);
  try {
    const signal = abortOn(stop);
    const prepare = { issue, environment, signal, now: timestamp, write, step };
    const workspace = await prepareWorkspace(spec, prepare);
    return {
      problem() {
        try {
          workspace.check();
          return null;
        } catch (error) {
          return `no workspace: ${messageOf(error)}`;
        }
      },
      async leave() {
        const fullMs = spec.hook_timeout_secs * 1000;
        const limitMs = stop.reason === 'canceled' ? stop_grace_secs * 1000 : fullMs;
        if (!NOT_OURS.includes(stop.reason))
          await workspace.after(abortOn(stop), Math.min(fullMs, limitMs));
        stream.end();
        workspace.release();
      },
      release: workspace.release,
    };
  } catch (error) {
    return `no workspace: ${messageOf(error)}`;
  } finally {
    stream.end();
  }
}

function abortOn(stop: StopSource): AbortSignal {
  const controller = new AbortController();
  stop.onRequest(() => controller.abort());
  return controller.signal;
}
