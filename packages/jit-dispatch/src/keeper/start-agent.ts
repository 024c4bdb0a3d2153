import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { KeeperSpec, ProcessIdentity } from '../run-records.ts';
import type { OpenOutput } from './agent-output.ts';
import { identityOf } from './identity.ts';

/** How an agent's own process ended. */
export interface AgentEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** An agent that was started. */
export interface StartedAgent {
  readonly identity: ProcessIdentity;
  /** The process itself ended; children of it may still hold its output open. */
  readonly ended: Promise<AgentEnd>;
  /** All output was read. */
  readonly drained: Promise<unknown>;
  /** Stops reading, and passes on what was held back. */
  cut(): void;
}

/**
 * Starts the agent: no shell, its own process group, no input but what it is given.
 * @param given its environment, see `agentEnvironment`
 * @returns the agent, or in words why it could not be started
 */
export async function startAgent(
  spec: KeeperSpec,
  given: NodeJS.ProcessEnv,
  openOutput: OpenOutput,
): Promise<StartedAgent | string> {
  if (!existsSync(spec.cwd)) return `the folder to run it in does not exist: ${spec.cwd}`;
  const [program = '', ...args] = spec.argv;
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      cwd: spec.cwd,
      env: given,
      stdio: [spec.stdin === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      detached: true,
      shell: false,
    });
  } catch (error) {
    return describe(error as NodeJS.ErrnoException, spec);
  }
  const failure = await outcomeOfSpawn(child);
  if (failure !== null) return describe(failure, spec);

  const ended = new Promise<AgentEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const outputs = [child.stdout, child.stderr].flatMap((stream) =>
    stream ? [{ stream, output: openOutput() }] : [],
  );
  const drained = Promise.all(
    outputs.map(({ stream, output }) => {
      stream.on('data', (chunk: Buffer) => output.write(chunk));
      return new Promise((resolve) => stream.once('close', resolve).once('error', resolve));
    }),
  );
  child.stdin?.on('error', () => {}).end(spec.stdin);
  const pid = child.pid ?? 0;
  return {
    identity: identityOf(pid) ?? { pid, start_time: 'ended', boot_id: 'ended' },
    ended,
    drained,
    cut: () => {
      for (const { stream, output } of outputs) {
        stream.destroy();
        output.end();
      }
    },
  };
}

function outcomeOfSpawn(child: ChildProcess): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    child.once('error', resolve);
    child.once('spawn', () => resolve(null));
  });
}

function describe(error: NodeJS.ErrnoException, { argv: [program], env }: KeeperSpec): string {
  if (error.code === 'ENOENT') return `command not found: ${program}`;
  if (error.code === 'EACCES') return `not executable: ${program}`;
  if (error.code === 'E2BIG') {
    const remedy = 'JIT_ISSUE_JSON' in env ? '; use issue_json = "file" or "stdin"' : '';
    return `could not start ${program}: its arguments and environment are too long${remedy}`;
  }
  // The words of this one quote the value, which may be a secret.
  if (error.code === 'ERR_INVALID_ARG_VALUE')
    return `could not start ${program}: an argument or environment variable holds a NUL character`;
  return `could not start ${program}: ${error.message}`;
}

/** The environment of the agent: what is passed on from the keeper's, and what is set for it. */
export function agentEnvironment(
  { pass_env, env }: Pick<KeeperSpec, 'pass_env' | 'env'>,
  environment: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const isPassed = (name: string): boolean =>
    pass_env.some((rule) =>
      rule.endsWith('*') ? name.startsWith(rule.slice(0, -1)) : name === rule,
    );
  const passed = Object.entries(environment).filter(([name]) => isPassed(name));
  return { ...Object.fromEntries(passed), ...env };
}
