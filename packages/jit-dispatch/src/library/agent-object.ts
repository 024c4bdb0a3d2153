import { BRIDGE_VARIABLE } from '../bridge/messages.ts';
import type { AgentWork } from '../bridge/serve-objects.ts';

/** The keys of an `[[agents]]` table that an agent has which is an object; what each means stands in the schema of dispatch.toml. */
export interface AgentKeys {
  readonly id: string;
  readonly type?: string;
  readonly capacity?: number;
  readonly tags?: readonly string[];
  /** Default `exit`: that `run` returns finishes the issue. `issue`: it finishes the issue itself. */
  readonly completion?: 'exit' | 'issue';
  readonly env?: Readonly<Record<string, string>>;
  readonly time_limit_secs?: number;
  readonly stall?: Readonly<Record<string, number>>;
  readonly account?: string;
  /** Every other key of the table but `command`, `kind`, `prompt` and `issue_json`. */
  readonly [key: string]: unknown;
}

/** An agent that is an object of this program: `run` does the work of one issue. */
export interface AgentObject extends AgentKeys {
  readonly run: AgentWork;
}

/** Its table as a file would say it: the bridge is the program that stands for it. */
export function tableOf(
  { run: _, ...keys }: AgentObject,
  { bridgeFile, path }: { readonly bridgeFile: string; readonly path: string },
): object {
  return {
    completion: 'exit',
    ...keys,
    // A path is meant as it is written.
    command: [process.execPath, bridgeFile].map((word) =>
      word.replace(/\{([A-Za-z_]\w*)\}/g, '{{$1}}'),
    ),
    issue_json: 'file',
    prompt: 'file',
    env: { ...keys.env, [BRIDGE_VARIABLE]: path },
  };
}

/** Whether an entry of `agents` is an object that does the work itself. */
export function isAgentObject(entry: unknown): entry is AgentObject {
  return typeof entry === 'object' && entry !== null && 'run' in entry;
}
