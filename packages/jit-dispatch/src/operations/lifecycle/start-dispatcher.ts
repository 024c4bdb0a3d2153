import { setFlagsFromString } from 'node:v8';
import { JitError } from '@jit/contract/errors';
import type { DispatcherStoppedOutput } from '@jit/contract/outputs/dispatch';
import { takeInstanceLock } from '../../daemon/lifecycle/instance-lock.ts';
import { type Reins, runStart } from '../../daemon/lifecycle/start.ts';
import type { OpenOptions } from '../../workbench/open-dispatcher.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { openSites, sitesToOpen } from '../dispatching/open-sites.ts';

/** How a dispatcher is started. */
export interface StartTerms extends Pick<OpenOptions, 'logFormat' | 'log'> {
  /** How long another command of this name is waited for, in milliseconds. */
  readonly lockTimeoutMs: number;
}

/** A dispatcher that works in this process. */
export interface RunningDispatcher extends Reins {
  /** What it did, once it has stopped. Rejects with what ended it. */
  readonly stopped: Promise<DispatcherStoppedOutput>;
}

const here = new Map<string, RunningDispatcher>();

/** The dispatcher of this process that has this folder, or null. */
export function runningHere({ folder }: Pick<Workbench, 'folder'>): RunningDispatcher | null {
  return here.get(folder) ?? null;
}

/**
 * Starts to dispatch in this process, under the lock of this name. Resolves when it can be asked to stop.
 * @throws JitError DISPATCHER_RUNNING (75), CONFIG_… (3, 4), LEDGER_… (10), TRACKER_… (10)
 */
export async function startDispatcher(
  workbench: Workbench,
  { logFormat, log, lockTimeoutMs }: StartTerms,
): Promise<RunningDispatcher> {
  // It runs for months and does little: a young generation that stays small saves a fifth of its memory.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { loaded } = workbench.setup;
  if (loaded instanceof JitError) throw loaded;
  workbench.makeFolder();
  const lock = await takeInstanceLock(workbench.folder, {
    command: 'start',
    since: workbench.now().toISOString(),
    timeoutMs: lockTimeoutMs,
  });
  return new Promise((resolve, reject) => {
    const work = async (): Promise<DispatcherStoppedOutput> => {
      try {
        const sites = sitesToOpen(workbench);
        const options = { logFormat, log, isLive: true };
        const summary = await runStart({
          folder: workbench.folder,
          open: (onEnd) => openSites(workbench, { ...options, onEnd }, sites),
          reopen: (damaged, onEnd) =>
            workbench.openDispatcher(
              { ...options, onEnd },
              sites.find(({ repository }) => repository === damaged.repository),
            ),
          onOpen(reins) {
            const running = { ...reins, stopped };
            here.set(workbench.folder, running);
            resolve(running);
          },
        });
        return { name: workbench.name, ...summary };
      } finally {
        here.delete(workbench.folder);
        lock.release();
      }
    };
    const stopped = work();
    // Before it can be asked to stop, this is how it says that it can't start.
    stopped.catch(reject);
  });
}
