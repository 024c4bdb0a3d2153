import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnv, collect, type Ended } from '@jit/testkit/processes';
import { onTestFinished } from 'vitest';
import type { AssignmentRecord, VerdictRecord } from '../../src/run-records.ts';
import type { Task } from '../../src/runners/task.ts';

const ENVOY = fileURLToPath(new URL('../../dist/envoy.cjs', import.meta.url));

/** A running envoy. */
export interface Envoy {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  log(): string;
  verdict(): VerdictRecord | null;
  assignment(): AssignmentRecord | null;
}

/** Starts the envoy of a task, as a keeper would. */
export function startEnvoy(task: Task, env: Readonly<Record<string, string>>): Envoy {
  mkdirSync(task.folder, { recursive: true });
  const child = spawn(process.execPath, [ENVOY], {
    cwd: task.cwd,
    env: {
      ...cleanEnv(env),
      JIT_RUN_ID: task.run,
      JIT_ISSUE_ID: task.issue,
      JIT_HEARTBEAT_FILE: join(task.folder, 'heartbeat'),
    },
    stdio: 'pipe',
  });
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = collect(child, JSON.stringify(task));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const read = <T>(file: string): T | null => {
    const path = join(task.folder, file);
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : null;
  };
  return {
    process: child,
    ended,
    log: () => log,
    verdict: () => read<VerdictRecord>('verdict.json'),
    assignment: () => read<AssignmentRecord>('assignment.json'),
  };
}
