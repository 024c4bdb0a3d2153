import { BRIDGE_VARIABLE } from '../bridge/messages.ts';
import type { AgentWork } from '../bridge/serve-objects.ts';

/** The keys of an `[[agents]]` table that an agent has which is an object; what each means stands in the schema of dispatch.toml. */
export interface AgentKeys {
  readonly id: string;
  readonly title?: string;
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

/** What a table of such an agent is made with. */
export interface TableParts {
  readonly bridgeFile: string;
  readonly path: string;
  /** The keys that a table has. */
  readonly known: readonly string[];
}

/** Its table as a file would say it: the bridge is the program that stands for it. Never throws. */
export function tableOf(agent: AgentObject, { bridgeFile, path, known }: TableParts): object {
  const own = known.flatMap((key) =>
    agent[key] === undefined ? [] : [[key, writable(agent[key])] as const],
  );
  const keys: Readonly<Record<string, unknown>> = Object.fromEntries(own);
  return {
    ...Object.fromEntries(unknownKeys(agent, known).map((key) => [key, true])),
    completion: 'exit',
    ...keys,
    // A path is meant as it is written.
    command: [process.execPath, bridgeFile].map((word) =>
      word.replace(/\{([A-Za-z_]\w*)\}/g, '{{$1}}'),
    ),
    issue_json: 'file',
    prompt: 'file',
    env: { ...(keys.env as object | undefined), [BRIDGE_VARIABLE]: path },
  };
}

/**
 * What is written in it and is no key of a table, to be told by name alone: what an agent works with may be a
 * secret. What an object of a class has besides is its own.
 */
function unknownKeys(agent: AgentObject, known: readonly string[]): string[] {
  if (Object.getPrototypeOf(agent) !== Object.prototype) return [];
  return Object.keys(agent).filter((key) => key !== 'run' && !known.includes(key));
}

/** A value that can be written down, if only for the schema to refuse it. */
function writable(value: unknown): unknown {
  try {
    JSON.stringify(value);
    return value;
  } catch {
    return String(value);
  }
}

/** Whether an entry of `agents` is an object that does the work itself. */
export function isAgentObject(entry: unknown): entry is AgentObject {
  return typeof entry === 'object' && entry !== null && 'run' in entry;
}
