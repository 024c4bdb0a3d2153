import { join } from 'node:path';
import { isAlive } from './keeper/identity.ts';
import { readRecord } from './keeper/records.ts';
import type { RecordType } from './ledger/record-types.ts';
import { type KeeperRecord, RUN_FILES } from './run-records.ts';

const POLL_MS = 5;

/** In the test build: ends this process with SIGKILL at the step that is named. */
export function killAt(environment: NodeJS.ProcessEnv, step: string): void {
  if (__TEST_BUILD__ && environment.JIT_DISPATCH_TEST_KILL_AT === step)
    process.kill(process.pid, 'SIGKILL');
}

/**
 * In the test build: after the first record of the type that is named, once it is durable, ends this
 * process or the keeper of that phase of the run with SIGKILL. A keeper that is still to come is waited for.
 */
export function killAtRecord(
  environment: NodeJS.ProcessEnv,
  runsFolder: string,
): (type: RecordType, phaseNow: () => string | null) => void {
  let isArmed = __TEST_BUILD__ && environment.JIT_DISPATCH_TEST_KILL_KEEPER_AT !== undefined;
  return (type, phaseNow) => {
    if (!__TEST_BUILD__) return;
    killAt(environment, `record:${type}`);
    if (!isArmed || environment.JIT_DISPATCH_TEST_KILL_KEEPER_AT !== `record:${type}`) return;
    isArmed = false;
    const phase = phaseNow();
    if (phase === null) return;
    const folder = join(runsFolder, phase);
    if (killKeeper(folder)) return;
    const timer = setInterval(() => killKeeper(folder) && clearInterval(timer), POLL_MS);
    timer.unref();
  };
}

/** False if there is none yet. */
function killKeeper(folder: string): boolean {
  const keeper = readRecord<KeeperRecord>(join(folder, RUN_FILES.keeper));
  if (keeper === null) return false;
  if (!('abandoned' in keeper) && isAlive(keeper)) process.kill(keeper.pid, 'SIGKILL');
  return true;
}
