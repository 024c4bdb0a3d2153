import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMarked, isAlive } from '../src/keeper/identity.ts';
import type { AgentRecord, ExitRecord, KeeperRecord } from '../src/run-records.ts';

/** The folders of all runs below a repository. */
export function runFolders(root: string): string[] {
  const home = join(root, '.jit-dispatch');
  if (!existsSync(home)) return [];
  return readdirSync(home).flatMap((name) => {
    const runs = join(home, name, 'runs');
    return existsSync(runs) ? readdirSync(runs).map((run) => join(runs, run)) : [];
  });
}

/** Whether no keeper is at work below a repository, also none of gates: before that no cycle finds an end. */
export function isQuiet(root: string): boolean {
  const phases = runFolders(root).flatMap((folder) => [
    folder,
    ...readdirSync(folder).flatMap((name) =>
      name.startsWith('gates-') ? [join(folder, name)] : [],
    ),
  ]);
  return phases.every((phase) => {
    const keeper = readRun(phase, 'keeper');
    if (keeper === null || 'abandoned' in keeper) return true;
    return readRun(phase, 'exit') !== null || !isAlive(keeper);
  });
}

/** A record of a run, or null if it is not there yet. */
export function readRun(folder: string, file: 'agent'): AgentRecord | null;
export function readRun(folder: string, file: 'exit'): ExitRecord | null;
export function readRun(folder: string, file: 'keeper'): KeeperRecord | null;
export function readRun(folder: string, file: string): unknown {
  const path = join(folder, `${file}.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

/** Ends what a run left running, each process only if it is still the recorded one. */
export function endRun(folder: string, run: string): void {
  const keeper = readRun(folder, 'keeper');
  const agent = readRun(folder, 'agent');
  if (keeper !== null && !('abandoned' in keeper) && isAlive(keeper)) end(keeper.pid);
  if (agent !== null && isAlive(agent)) end(-agent.pid);
  for (const { pid } of findMarked('JIT_RUN_ID', run)) end(pid);
}

/** Ends a process or, below zero, a group. */
export function end(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
