import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, runBundle } from '@jit/testkit/processes';
import { runInProcess } from '@jit/testkit/run-in-process';
import { commitAll, git, tempRepository } from './git.ts';
import { PROGRAM } from './temp-tracker.ts';

/** The parts of an issue's answer that tests on merges look at. */
export interface ShownIssue {
  readonly id: string;
  readonly title: string;
  readonly state: string;
  readonly priority: string;
  readonly labels: readonly string[];
  readonly conflicts: readonly { field: string; kept: unknown; other: unknown }[];
}

/** A line of the log, as far as tests on merges look at it. */
export interface LoggedEvent {
  readonly id: string;
  readonly type: string;
  readonly issue: string | null;
  readonly ready?: boolean;
  readonly field?: string;
  readonly kept?: unknown;
  readonly other?: unknown;
}

/** A repository with a tracker for which `jit git setup` was run, all committed. */
export async function mergingRepository(): Promise<string> {
  const cwd = tempRepository();
  await runBundle('jit', ['init'], { cwd });
  await runBundle('jit', ['git', 'setup'], { cwd });
  commitAll(cwd, 'tracker');
  return cwd;
}

/** What git does here starts real processes of jit; what a test prepares or looks at runs in this one. */
const call = (cwd: string, argv: readonly string[]) =>
  runInProcess(PROGRAM, argv, { env: cleanEnv({ JIT_DIR: cwd }) });

/** Runs jit with words; it must succeed. */
export async function jit(cwd: string, ...argv: string[]): Promise<string> {
  const ended = await call(cwd, argv);
  if (ended.exit !== 0) throw new Error(`jit ${argv.join(' ')}: ${ended.stdout}${ended.stderr}`);
  return ended.stderr;
}

async function json<T>(cwd: string, ...argv: string[]): Promise<T> {
  const ended = await call(cwd, [...argv, '--json']);
  if (ended.exit !== 0) throw new Error(`jit ${argv.join(' ')}: ${ended.stdout}${ended.stderr}`);
  return JSON.parse(ended.stdout) as T;
}

export async function create(cwd: string, title: string, ...argv: string[]): Promise<string> {
  return (await json<{ id: string }>(cwd, 'issue', 'create', title, ...argv)).id;
}

export const show = (cwd: string, id: string) => json<ShownIssue>(cwd, 'issue', 'show', id);

export const events = (cwd: string, type: string) =>
  json<LoggedEvent[]>(cwd, 'events', 'query', '--type', type);

export async function findings(
  cwd: string,
): Promise<{ code: string; message: string; fix: string }[]> {
  return JSON.parse((await call(cwd, ['validate', '--json'])).stdout).findings;
}

export function issuePath(cwd: string, id: string): string {
  return join(cwd, '.jit', 'issues', `${id}.json`);
}

/** Changes a file in place. */
export function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

/** Does something on a new branch from here, commits it, and goes back to main. */
export async function onBranch(
  cwd: string,
  branch: string,
  work: () => Promise<unknown> | unknown,
): Promise<void> {
  git(cwd, 'checkout', '-q', '-b', branch, 'main');
  await work();
  commitAll(cwd, branch);
  git(cwd, 'checkout', '-q', 'main');
}
