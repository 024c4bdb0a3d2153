import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { platform, uptime } from 'node:os';
import { pid, version } from 'node:process';
import type { DispatchConfig } from '../../config/config.ts';
import { identityOf } from '../../keeper/identity.ts';
import { type Check, failed, warning, well } from './check.ts';

const MIB = 1024 * 1024;
/** A clock before this was never set. */
const FIRST_YEAR = 2024;
const INITS =
  /^(systemd|init|tini|docker-init|dumb-init|catatonit|s6-svscan|runit|launchd|podman-init)$/;

/** What the machine has to have: processes that can be told apart, a clock, somebody who reaps orphans. */
export function checkMachine(): Check[] {
  if (platform() === 'win32')
    return [failed('platform', 'Windows outside WSL', 'run it in WSL: agents are process groups')];
  return [well('platform', `${platform()}, node ${version}`), checkClock(), checkInit()];
}

function checkClock(): Check {
  const identity = identityOf(pid);
  if (identity === null)
    return failed(
      'clock',
      'the start of this process can not be read, so processes can not be told apart',
      'let this user read /proc, or run `ps`',
    );
  const time = new Date();
  if (time.getFullYear() < FIRST_YEAR)
    return failed('clock', `it is ${time.toISOString()}`, 'set the clock of this machine');
  return well('clock', `up for ${Math.round(uptime() / 60)} minutes, ${time.toISOString()}`);
}

function checkInit(): Check {
  if (!existsSync('/.dockerenv') && !existsSync('/run/.containerenv'))
    return well('init', 'no container');
  const first = nameOfFirst();
  if (first === null || INITS.test(first)) return well('init', `container, process 1 is ${first}`);
  return warning(
    'init',
    `process 1 of this container is ${first}, which may not reap what ended`,
    'start the container with an init, as `docker run --init` does',
  );
}

function nameOfFirst(): string | null {
  try {
    return readFileSync('/proc/1/comm', 'utf8').trim();
  } catch {
    return null;
  }
}

/** Room on the disk of the dispatcher's own folder, against `[admission]`. */
export function checkRoom({ folder, admission }: DispatchConfig): Check[] {
  const { bavail, blocks, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / MIB);
  const share = ((blocks * bsize) / MIB) * (admission.minFreeDiskPercent / 100);
  const least = Math.floor(Math.min(admission.minFreeDiskMb, share));
  if (free >= least) return [well('disk', `${free} MiB free of ${folder}, ${least} needed`)];
  const next = 'make room, or lower min_free_disk_mb in [admission]: nothing is started meanwhile';
  return [failed('disk', `${free} MiB free of ${folder}, ${least} needed`, next)];
}
