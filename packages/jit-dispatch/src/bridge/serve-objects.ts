import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onMessages, sendMessage } from './message-line.ts';
import type { AgentTask, ToBridge, ToProgram } from './messages.ts';

/** What an agent that is an object works with. */
export interface AgentTools {
  /** Aborted when the run is to stop: canceled, over its time, silent for too long, or its claim was lost. */
  readonly signal: AbortSignal;
  /** Adds a line to the log of the run. */
  log(text: string): void;
  /** Says that it is alive, where it has nothing to print. */
  heartbeat(): void;
}

/**
 * The work of an agent that is an object. That it returns ends the run well, unless it returns `done: false`;
 * that it throws ends it as failed, with `exitCode` of the error where that is a number from 1 to 255.
 */
export type AgentWork = (task: AgentTask, tools: AgentTools) => unknown;

/** Which objects there are, and which runs are theirs. */
export interface ObjectHost {
  workOf(agent: string): AgentWork | null;
  /** Whether this run is live, of this agent, and has this token. */
  isRun(run: string, agent: string, token: string): Promise<boolean>;
}

/** Where bridges find the objects of this process. */
export interface ObjectServer {
  readonly path: string;
  /** Ends it: what still works is aborted, and its run fails. */
  close(): Promise<void>;
}

/** A path of a socket has room for no more than this, on every system. */
const MAX_PATH = 100;

/** Listens for bridges, at a path that only this user can reach and nobody can guess. */
export async function serveObjects(host: ObjectHost): Promise<ObjectServer> {
  const short = tmpdir().length + 20 > MAX_PATH ? '/tmp' : tmpdir();
  const folder = mkdtempSync(join(short, 'jit-'));
  const path = join(folder, 's');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    attend(socket, host);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    path,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function attend(socket: Socket, host: ObjectHost): void {
  const aborter = new AbortController();
  let isBusy = false;
  // A bridge that was killed, or this process closes: nobody waits for the result any more.
  socket.once('close', () => aborter.abort()).on('error', () => {});
  onMessages<ToProgram>(socket, (message) => {
    if (message.is === 'abort') aborter.abort();
    else if (message.is === 'task' && !isBusy) {
      isBusy = true;
      void work(socket, host, { task: message.task, signal: aborter.signal });
    }
  });
}

async function work(
  socket: Socket,
  host: ObjectHost,
  { task, signal }: { readonly task: AgentTask; readonly signal: AbortSignal },
): Promise<void> {
  const send = (message: ToBridge): void => sendMessage(socket, message);
  const end = (exit: number, text: string): void => send({ is: 'end', exit, text });
  try {
    const run = host.workOf(task.agent);
    if (run === null || !(await host.isRun(task.run, task.agent, task.token)))
      return end(1, `this program has no agent ${task.agent} for run ${task.run}\n`);
    const result: unknown = await run(task, {
      signal,
      log: (text) => send({ is: 'output', text: `${text}`.replace(/\n?$/, '\n') }),
      heartbeat: () => send({ is: 'heartbeat' }),
    });
    const { done = true } = (result ?? {}) as { done?: unknown };
    if (done === false) return end(1, 'the agent says that it is not done\n');
    end(0, '');
  } catch (error) {
    end(exitOf(error), `${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  }
}

function exitOf(error: unknown): number {
  const { exitCode } = (error ?? {}) as { exitCode?: unknown };
  const isCode = Number.isInteger(exitCode) && Number(exitCode) >= 1 && Number(exitCode) <= 255;
  return isCode ? Number(exitCode) : 1;
}
