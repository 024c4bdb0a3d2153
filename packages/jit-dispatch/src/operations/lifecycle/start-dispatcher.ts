import { setFlagsFromString } from 'node:v8';
import { JitError } from '@jit/contract/errors';
import type { DispatcherStoppedOutput } from '@jit/contract/outputs/dispatch';
import { takeInstanceLock } from '../../daemon/lifecycle/instance-lock.ts';
import { runStart } from '../../daemon/lifecycle/start.ts';
import type { OpenOptions } from '../../workbench/open-dispatcher.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { openSites, sitesToOpen } from '../dispatching/open-sites.ts';

/** How a dispatcher is started. */
export interface StartOptions {
  /** How a line of the log looks; null: nothing is logged. */
  readonly logFormat: OpenOptions['logFormat'];
  /** How long another command of this name is waited for, in milliseconds. */
  readonly lockTimeoutMs: number;
}

/** A dispatcher that works in this process. */
export interface RunningDispatcher {
  /** Asks it to stop: the first time it waits for its agents, the second time it stops them. */
  interrupt(): void;
  /** What it did, once it has stopped. Rejects with what ended it. */
  readonly stopped: Promise<DispatcherStoppedOutput>;
}

/**
 * Starts to dispatch in this process, under the lock of this name. Resolves when it can be asked to stop.
 * @throws JitError DISPATCHER_RUNNING (75), CONFIG_… (3, 4), LEDGER_… (10), TRACKER_… (10)
 */
export async function startDispatcher(
  workbench: Workbench,
  { logFormat, lockTimeoutMs }: StartOptions,
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
        const options = { logFormat, isLive: true };
        const summary = await runStart({
          folder: workbench.folder,
          open: (onEnd) => openSites(workbench, { ...options, onEnd }, sites),
          reopen: (damaged, onEnd) =>
            workbench.openDispatcher(
              { ...options, onEnd },
              sites.find(({ repository }) => repository === damaged.repository),
            ),
          onInterrupt: (interrupt) => resolve({ interrupt, stopped }),
        });
        return { name: workbench.name, ...summary };
      } finally {
        lock.release();
      }
    };
    const stopped = work();
    // Before it can be asked to stop, this is how it says that it can't start.
    stopped.catch(reject);
  });
}
