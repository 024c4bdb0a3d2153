import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { onMessages, sendMessage } from './message-line.ts';
import { type AgentTask, BRIDGE_VARIABLE, type ToBridge, type ToProgram } from './messages.ts';

/** What the bridge gets from the edge of its process. */
export interface BridgeEdge {
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd: string;
  out(text: string): void;
  err(text: string): void;
  /** Calls back when the run is to stop. */
  onStop(callback: () => void): void;
}

/**
 * Stands where an agent's process would stand, for an agent that is an object in another process: hands it
 * the task, prints what it says, passes a stop on, and ends as it ends.
 * @returns the exit code: 1 also where the other process is gone
 */
export function carry({ environment, cwd, out, err, onStop }: BridgeEdge): Promise<number> {
  const task = taskOf(environment, cwd);
  const path = environment[BRIDGE_VARIABLE] ?? '';
  return new Promise((resolve) => {
    let end: Extract<ToBridge, { is: 'end' }> | null = null;
    const socket = connect(path);
    socket.once('connect', () => sendMessage<ToProgram>(socket, { is: 'task', task }));
    onStop(() => sendMessage<ToProgram>(socket, { is: 'abort' }));
    onMessages<ToBridge>(socket, (message) => {
      if (message.is === 'output') out(message.text);
      else if (message.is === 'heartbeat') touch(environment.JIT_HEARTBEAT_FILE);
      else {
        end = message;
        if (message.text !== '') err(message.text);
        socket.end();
      }
    });
    // Its words are those of the system; what follows from it is said below.
    socket.on('error', () => {});
    socket.once('close', () => {
      if (end === null) err(`the program that ${task.agent} belongs to is gone\n`);
      resolve(end?.exit ?? 1);
    });
  });
}

function taskOf(environment: NodeJS.ProcessEnv, cwd: string): AgentTask {
  const issue = JSON.parse(textOf(environment.JIT_ISSUE_FILE) ?? '{}') as AgentTask['issue'];
  const { attempt } = issue;
  return {
    issue,
    run: environment.JIT_RUN_ID ?? '',
    agent: environment.JIT_AGENT_ID ?? '',
    attempt: typeof attempt === 'number' ? attempt : 0,
    prompt: textOf(environment.JIT_PROMPT_FILE) ?? '',
    feedback: textOf(environment.JIT_FEEDBACK_FILE),
    token: environment.JIT_CLAIM ?? '',
    dir: cwd,
    workspace: environment.JIT_WORKSPACE ?? null,
  };
}

function textOf(file: string | undefined): string | null {
  return file === undefined ? null : readFileSync(file, 'utf8');
}

function touch(file: string | undefined): void {
  if (file === undefined) return;
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    writeFileSync(file, '');
  }
}
