import { JitError } from '@jit/contract/errors';
import type { StopOutput } from '@jit/contract/outputs/control';
import { type Holder, readHolder } from '../../daemon/lifecycle/instance-lock.ts';
import { delay, uptimeMs } from '../../keeper/clock.ts';
import { isAlive } from '../../keeper/identity.ts';
import { signalProcess } from '../../keeper/signal-process.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { type RunningDispatcher, runningHere } from './start-dispatcher.ts';

const POLL_MS = 50;

/** How a dispatcher is stopped. */
export interface StopOptions {
  /** Stop its agents too. */
  readonly now: boolean;
  /** How long it is waited for; undefined: as long as it takes. */
  readonly timeoutSecs: number | undefined;
}

/**
 * Asks the process that dispatches under this name to stop, and waits until it has.
 * @throws JitError NOT_RUNNING (3)
 */
export async function stopDispatcher(
  workbench: Workbench,
  { now, timeoutSecs }: StopOptions,
): Promise<StopOutput> {
  const holder = readHolder(workbench.folder);
  if (holder?.command !== 'start') throw notRunning(workbench.name, holder);
  const deadline =
    timeoutSecs === undefined ? Number.POSITIVE_INFINITY : uptimeMs() + timeoutSecs * 1000;
  const { pid, since } = holder;
  const own = runningHere(workbench);
  if (own !== null) return { pid, since, stopped: await stopHere(own, { now, deadline }), now };
  // A second SIGTERM stops its agents: asked twice without --now, it goes on waiting for them.
  const [site] = workbench.sites;
  const ledger = site === undefined ? null : await workbench.readLedger(site);
  const mark = `${holder.pid} ${holder.start_time} ${holder.boot_id}`;
  if (ledger?.getMeta('stop_asked') !== mark) signalProcess(holder, 'SIGTERM');
  ledger?.setMeta('stop_asked', mark);
  if (now) await secondSignal(holder, deadline);
  while (isAlive(holder) && uptimeMs() < deadline) await delay(POLL_MS);
  return { pid, since, stopped: !isAlive(holder), now };
}

/** A dispatcher of this process is asked by a call, once by all who ask. */
async function stopHere(
  running: RunningDispatcher,
  { now, deadline }: { readonly now: boolean; readonly deadline: number },
): Promise<boolean> {
  if (running.phase() === 'running') running.interrupt();
  if (now && running.phase() === 'draining') running.interrupt();
  let hasStopped = false;
  const ended = running.stopped
    .catch(() => {})
    .finally(() => {
      hasStopped = true;
    });
  if (deadline === Number.POSITIVE_INFINITY) await ended;
  while (!hasStopped && uptimeMs() < deadline) await Promise.race([ended, delay(POLL_MS)]);
  return hasStopped;
}

/** Two signals at once count as one: the second goes when the first was surely taken. */
const BETWEEN_MS = 500;

async function secondSignal(holder: Holder, deadline: number): Promise<void> {
  const due = Math.min(deadline, uptimeMs() + BETWEEN_MS);
  while (isAlive(holder) && uptimeMs() < due) await delay(POLL_MS);
  signalProcess(holder, 'SIGTERM');
}

function notRunning(name: string, holder: Holder | null): JitError {
  return new JitError('not_found', 'NOT_RUNNING', `no dispatcher ${name} runs`, {
    hint:
      holder === null
        ? 'agents may run all the same: see jit-dispatch status; is --name right?'
        : `a \`${holder.command}\` does (pid ${holder.pid}), which ends by itself`,
    details: { name },
  });
}
