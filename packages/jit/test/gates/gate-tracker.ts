import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, type Ended, jitJson, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect } from 'vitest';
import type { Json } from '../support/temp-tracker.ts';

/** A tracker in a git repository of its own, with jit as a process. */
export interface GateTracker {
  readonly cwd: string;
  readonly run: (...argv: readonly string[]) => Promise<Ended>;
  readonly json: (...argv: readonly string[]) => Promise<Json>;
  /** Runs it with --json; it must end with this exit code. Gives the error. */
  readonly fails: (exit: number, ...argv: readonly string[]) => Promise<Json>;
  readonly git: (...argv: readonly string[]) => string;
  /** Defines an exit gate with this checker, and an issue that carries it. */
  readonly gated: (command: string, ...flags: readonly string[]) => Promise<string>;
  /** The gate `check` as the file has it. */
  readonly gate: (id: string) => Json;
}

/** A repository with one commit and a tracker. */
export async function gateTracker(): Promise<GateTracker> {
  const cwd = tempFolder();
  const git = (...argv: readonly string[]): string =>
    execFileSync('git', argv, { cwd, env: gitEnv(), encoding: 'utf8' }).trim();
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  const json: GateTracker['json'] = (...argv) => jitJson(argv, { cwd });
  await json('init');
  return {
    cwd,
    git,
    json,
    run: (...argv) => runBundle('jit', argv, { cwd }),
    fails: async (exit, ...argv) => (await jitJson<Json>(argv, { cwd }, exit)).error,
    async gated(command, ...flags) {
      await json('gate', 'define', 'check', '--stage', 'done', '--command', command, ...flags);
      return (await json('issue', 'create', 'A', '--gate', 'check')).id;
    },
    gate: (id) =>
      JSON.parse(readFileSync(join(cwd, '.jit', 'issues', `${id}.json`), 'utf8')).gates.check,
  };
}

/** git without the settings of this machine. */
export function gitEnv(): Record<string, string> {
  return cleanEnv({
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  });
}

/** Waits until a checker has written a file, and gives what stands in it. */
export async function written(path: string): Promise<string> {
  const text = () => (existsSync(path) ? readFileSync(path, 'utf8').trim() : '');
  await expect.poll(text, { timeout: 30_000, interval: 10 }).not.toBe('');
  return text();
}

/** Waits until a process is gone. */
export async function gone(pid: string): Promise<void> {
  await expect.poll(() => isRunning(pid), { timeout: 30_000, interval: 20 }).toBe(false);
}

/** A zombie that nobody has waited for yet does nothing any more. */
function isRunning(pid: string): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
