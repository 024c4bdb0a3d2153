/** What an agent that is an object gets to do. */
export interface AgentTask {
  /** The whole issue, as the tracker prints it. */
  readonly issue: { readonly id: string; readonly title: string } & Readonly<
    Record<string, unknown>
  >;
  readonly run: string;
  readonly agent: string;
  /** Which attempt at the issue this is. */
  readonly attempt: number;
  /** What it is told to do, as text. */
  readonly prompt: string;
  /** What earlier tries have shown; null where there is nothing. */
  readonly feedback: string | null;
  /** The token of the claim: calls of `jit` about the issue carry it. */
  readonly token: string;
  /** The folder to work in. */
  readonly dir: string;
  /** The workspace of its own, or null where it works beside `.jit`. */
  readonly workspace: string | null;
}

/** From the bridge to the program whose object is the agent. */
export type ToProgram =
  | { readonly is: 'task'; readonly task: AgentTask }
  /** The run is to stop. */
  | { readonly is: 'abort' };

/** From the program to the bridge. */
export type ToBridge =
  | { readonly is: 'output'; readonly text: string }
  | { readonly is: 'heartbeat' }
  /** The work has ended; the bridge exits with the code. */
  | { readonly is: 'end'; readonly exit: number; readonly text: string };

/** The variable that tells the bridge where the program listens. */
export const BRIDGE_VARIABLE = 'JIT_BRIDGE';
