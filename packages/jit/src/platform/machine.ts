import { readFileSync, realpathSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import type { Instant } from '../domain/holding.ts';
import { sha256 } from './crypto.ts';
import { movedInstant } from './test-clock.ts';

declare const __TEST_BUILD__: boolean;

/** The time on this machine. */
export type Clock = () => Instant;

/** Reads wall time, uptime and the name of this start of the machine. */
export const systemClock: Clock = () => {
  const seconds = uptime();
  const wall = Date.now();
  const now = { wall, uptime: seconds, boot: bootId(wall, seconds) };
  return __TEST_BUILD__ ? movedInstant(now) : now;
};

let boot: string | undefined; // a process lives within one start of the machine

function bootId(wall: number, seconds: number): string {
  boot ??=
    firstText('/proc/sys/kernel/random/boot_id') ?? `${Math.round((wall / 1000 - seconds) / 60)}`;
  return boot;
}

/** Names this machine and the path of a `.jit`, as claims carry it: a copy or clone elsewhere has another origin. */
export function originOf(root: string): string {
  const machine = firstText('/etc/machine-id') ?? hostname();
  return sha256(`${machine}\n${realpathSync(root)}`)
    .toString('hex')
    .slice(0, 16);
}

function firstText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
