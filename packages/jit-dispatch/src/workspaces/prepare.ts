import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkspaceSpec } from '../run-records.ts';
import { createGit, type Git } from './git.ts';
import { type Lock, takeLock } from './lock.ts';
import { type Made, type MadeFile, madeFile } from './made.ts';
import {
  demandFolder,
  lookAt,
  messageOf,
  openRoot,
  placeProblem,
  WorkspaceError,
} from './place.ts';
import { runInGroup } from './run-in-group.ts';
import { settleTrash, trashOf } from './trash.ts';
import {
  addWorktree,
  commitOf,
  deleteBranch,
  demandBranchName,
  forgetHalfMade,
  listWorktrees,
  startOfBranch,
  stateOfWorktree,
} from './worktree.ts';

/** The steps between which the crash tests kill a keeper that prepares, in order. */
export const WORKSPACE_STEPS = ['locked', 'making', 'made', 'completed', 'prepared'] as const;
export type WorkspaceStep = (typeof WORKSPACE_STEPS)[number];

/** What a workspace is prepared with. */
export interface Preparing {
  readonly issue: string;
  /** For hooks and git: the agent's own, by allowlist. */
  readonly environment: NodeJS.ProcessEnv;
  /** Ends the preparation. */
  readonly signal: AbortSignal;
  readonly now: () => string;
  /** Takes what hooks print, and what is to be said about the workspace. */
  write(chunk: Uint8Array): void;
  step(name: WorkspaceStep): void;
}

/** A workspace that this process holds the lock of. */
export interface OpenWorkspace {
  /** Throws a WorkspaceError unless it is still what it was: asked right before something starts in it. */
  check(): void;
  /** Runs the `after` hook. A failure is only written down. */
  after(signal: AbortSignal, timeoutMs: number): Promise<void>;
  release(): void;
}

/** Longer than a removal with its hook takes. */
const LOCK_WAIT_MS = 60_000;
const LOCK_POLL_MS = 50;

/**
 * Makes the workspace ready, or takes the one that stands, and runs `create` and `before`. Throws a
 * WorkspaceError when there is none in the end; what was made just now for it is then gone again.
 */
export async function prepareWorkspace(
  spec: WorkspaceSpec,
  preparing: Preparing,
): Promise<OpenWorkspace> {
  const { signal, step } = preparing;
  const root = openRoot(spec.root);
  if (root !== spec.root) say(preparing, `the root ${spec.root} is a link to ${root}`);
  const problem = placeProblem(root, spec.path, spec);
  if (problem !== null) throw new WorkspaceError(problem);
  const key = basename(spec.path);
  const lock = await waitForLock(() => madeFile(root, key).folder, spec, signal);
  try {
    step('locked');
    const git = createGit(preparing.environment, signal);
    const file = madeFile(root, key);
    const settled = await settleTrash(git, spec, { trash: trashOf(root, key), file });
    if (settled !== null) say(preparing, `was about to be removed: ${settled}`);
    await makeReady(spec, { ...preparing, git, file });
    await hook(spec, 'before', preparing);
    demandFolder(spec.path);
    step('prepared');
  } catch (error) {
    lock.release();
    throw error instanceof WorkspaceError ? error : new WorkspaceError(messageOf(error));
  }
  return {
    check: () => demandFolder(spec.path),
    async after(until, timeoutMs) {
      try {
        demandFolder(spec.path);
        await hook(spec, 'after', { ...preparing, signal: until }, timeoutMs);
      } catch (error) {
        say(preparing, messageOf(error));
      }
    },
    release: lock.release,
  };
}

interface Making extends Preparing {
  readonly git: Git;
  readonly file: MadeFile;
}

/** Sees to it that the workspace is there and complete. */
async function makeReady(spec: WorkspaceSpec, making: Making): Promise<void> {
  const { file, issue } = making;
  const made = file.read();
  const other = made && (made.issue !== issue || made.repository !== spec.repository);
  if (other) throw new WorkspaceError(`it is that of ${made.issue} in ${made.repository}`);
  const found = lookAt(spec.path);
  if (found !== 'nothing') demandFolder(spec.path);
  const isEmpty = found === 'folder' && readdirSync(spec.path).length === 0;
  if (found === 'nothing' || (isEmpty && made === null)) return make(spec, making, made);
  if (spec.kind === 'worktree') {
    const state = await stateOfWorktree(making.git, spec);
    // Git was killed while it made it: nobody has worked in it.
    if (state === 'half made' && made?.is_complete === false) {
      await discard(spec, making, made);
      return make(spec, making, made);
    }
    if (state !== 'ours')
      throw new WorkspaceError(
        `${spec.path} is there and is no worktree of ${spec.repository}: move it away, it is not removed`,
      );
  }
  if (made?.is_complete) return say(making, `goes on in ${spec.path}`);
  const known = made ?? describe(spec, making, null);
  // One that somebody else made is theirs: only what was made here is completed by the hook.
  if (made !== null) await hook(spec, 'create', making);
  file.write({ ...known, is_complete: true });
  making.step('completed');
}

function describe(
  { kind, path, repository, branch, base, dispatcher }: WorkspaceSpec,
  { issue, now }: Preparing,
  branch_start: string | null,
): Made {
  const facts = { kind, path, repository, branch, base, dispatcher };
  return { ...facts, issue, made_at: now(), is_complete: false, branch_start };
}

/** Makes it. Whatever fails, what was made is gone again. */
async function make(spec: WorkspaceSpec, making: Making, before: Made | null): Promise<void> {
  const { git, file, step } = making;
  const { branch } = spec;
  let start: string | null = null;
  if (branch !== null) {
    // Says so where there is no repository.
    await listWorktrees(git, spec.repository);
    await demandBranchName(git, spec.repository, branch);
    const isThere = await commitOf(git, spec.repository, `refs/heads/${branch}`);
    start = isThere === null ? await startOfBranch(git, spec) : null;
  }
  const made = describe(spec, making, start ?? before?.branch_start ?? null);
  file.write(made);
  step('making');
  try {
    if (branch === null) mkdirSync(spec.path, { recursive: true });
    else await addWorktree(git, { ...spec, branch }, start);
    demandFolder(spec.path);
    step('made');
    say(making, `made ${spec.path}${branch === null ? '' : ` on branch ${branch}`}`);
    await hook(spec, 'create', making);
  } catch (error) {
    await discard(spec, making, { ...made, branch_start: start });
    file.forget();
    throw error;
  }
  file.write({ ...made, is_complete: true });
  step('completed');
}

/** Removes what was made just now, in which no agent was; its branch too, if nothing was added to it. */
async function discard(
  { kind, repository, path, branch }: WorkspaceSpec,
  { environment }: Making,
  { branch_start }: Made,
): Promise<void> {
  if (lookAt(path) === 'folder') rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  if (kind !== 'worktree') return;
  // Also when the run was stopped: not with its signal.
  const git = createGit(environment);
  try {
    await forgetHalfMade(git, repository, path);
    if (branch !== null && branch_start !== null)
      await deleteBranch(git, repository, { branch, at: branch_start });
  } catch {
    // The next one finds it half made. What failed before is what people should read.
  }
}

async function hook(
  { hooks, path, hook_timeout_secs }: WorkspaceSpec,
  name: 'create' | 'before' | 'after',
  preparing: Preparing,
  timeoutMs = hook_timeout_secs * 1000,
): Promise<void> {
  const argv = hooks[name];
  if (argv === null) return;
  const { environment, signal } = preparing;
  const { problem, tail } = await runInGroup({
    argv,
    cwd: path,
    environment: { ...environment, JIT_WORKSPACE: path },
    timeoutMs,
    signal,
    onOutput: preparing.write,
  });
  if (problem === null) return;
  throw new WorkspaceError(`hook ${name} ${problem}${tail === '' ? '' : `: ${tail}`}`);
}

async function waitForLock(
  folder: () => string,
  { hook_timeout_secs }: WorkspaceSpec,
  signal: AbortSignal,
): Promise<Extract<Lock, { isHeld: true }>> {
  const tries = (LOCK_WAIT_MS + 2 * hook_timeout_secs * 1000) / LOCK_POLL_MS;
  for (let tried = 0; ; tried += 1) {
    const lock = takeLock(folder());
    if (lock.isHeld) return lock;
    if (signal.aborted) throw new WorkspaceError('the run was stopped');
    if (tried >= tries)
      throw new WorkspaceError(`it is in use by process ${lock.by?.pid ?? 'unknown'}`);
    await pause(LOCK_POLL_MS);
  }
}

function say({ write }: Preparing, text: string): void {
  write(Buffer.from(`[workspace] ${text}\n`));
}
