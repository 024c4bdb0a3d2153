import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../run-records.ts';

interface ProcessState {
  readonly startTime: string;
  readonly group: number;
  readonly isZombie: boolean;
}

const isLinux = process.platform === 'linux';
let knownBootId: string | undefined;

/** The identity of a process that exists now, or null. */
export function identityOf(pid: number): ProcessIdentity | null {
  const state = stateOf(pid);
  return state && { pid, start_time: state.startTime, boot_id: bootId() };
}

/** True while this very process runs. A zombie does not run. Asked before any signal (invariant ONLY-OURS). */
export function isAlive(identity: ProcessIdentity): boolean {
  const state = identity.boot_id === bootId() ? stateOf(identity.pid) : null;
  return state !== null && state.startTime === identity.start_time && !state.isZombie;
}

/** True if the pid belongs to another process by now. */
export function isReused(identity: ProcessIdentity): boolean {
  if (identity.boot_id !== bootId()) return true;
  const state = stateOf(identity.pid);
  return state !== null && state.startTime !== identity.start_time;
}

/** True while a process of the group runs; zombies nobody collects don't count where that can be seen. */
export function isGroupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  if (!isLinux) return true;
  return pids().some((pid) => {
    const state = stateOf(pid);
    return state !== null && state.group === group && !state.isZombie;
  });
}

/** The processes that carry `NAME=value` in their environment. Linux only: elsewhere none is found. */
export function findMarked(name: string, value: string): ProcessIdentity[] {
  if (!isLinux) return [];
  const marker = `${name}=${value}`;
  return pids().flatMap((pid) => {
    if (pid === process.pid) return [];
    const environment = readText(`/proc/${pid}/environ`);
    if (!environment?.split('\0').includes(marker)) return [];
    const identity = identityOf(pid);
    return identity && isAlive(identity) ? [identity] : [];
  });
}

/** All living processes with that variable in their environment, by its value. Linux only. */
export function findAllMarked(name: string): Map<string, ProcessIdentity[]> {
  const found = new Map<string, ProcessIdentity[]>();
  for (const pid of isLinux ? pids() : []) {
    if (pid === process.pid) continue;
    const variables = readText(`/proc/${pid}/environ`)?.split('\0') ?? [];
    const value = variables.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
    const identity = value ? identityOf(pid) : null;
    if (!value || identity === null || !isAlive(identity)) continue;
    found.set(value, [...(found.get(value) ?? []), identity]);
  }
  return found;
}

function bootId(): string {
  knownBootId ??= isLinux
    ? (readText('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown')
    : ask('sysctl', ['-n', 'kern.boottime']) || 'unknown';
  return knownBootId;
}

function stateOf(pid: number): ProcessState | null {
  return isLinux ? linuxState(pid) : psState(pid);
}

/** `/proc/<pid>/stat`: the name in brackets may hold anything, so the fields are counted after it. */
function linuxState(pid: number): ProcessState | null {
  const text = readText(`/proc/${pid}/stat`);
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, group, startTime] = [fields?.[0], fields?.[2], fields?.[19]];
  if (state === undefined || startTime === undefined) return null;
  return { startTime, group: Number(group), isZombie: state === 'Z' || state === 'X' };
}

function psState(pid: number): ProcessState | null {
  const line = ask('ps', ['-o', 'pgid=,stat=,lstart=', '-p', String(pid)]);
  const [, group, state, startTime] = /^\s*(\d+)\s+(\S+)\s+(.+)$/.exec(line) ?? [];
  if (state === undefined || startTime === undefined) return null;
  return { startTime: startTime.trim(), group: Number(group), isZombie: state.startsWith('Z') };
}

function pids(): number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function ask(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
