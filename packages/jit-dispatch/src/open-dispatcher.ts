import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DispatchConfig } from './config/config.ts';
import type { Dispatcher } from './daemon/dispatcher.ts';
import { createLog } from './daemon/log.ts';
import { uptimeMs } from './keeper/clock.ts';
import type { Ledger } from './ledger/ledger.ts';
import { newRunId } from './ledger/new-run-id.ts';
import { createRunHost } from './runners/run-host.ts';
import type { LocatedTracker } from './tracker/locate-tracker.ts';

/** How a dispatcher is opened. */
export interface OpenOptions {
  /** Null: nothing is logged. */
  readonly logFormat: 'text' | 'json' | null;
  /** Called when a run's keeper has ended. */
  readonly onEnd: () => void;
}

/** What a dispatcher is put together from. */
export interface Parts {
  readonly name: string;
  readonly config: DispatchConfig;
  readonly folder: string;
  readonly keeperFile: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly ledger: Ledger;
  readonly located: LocatedTracker;
  readonly now: () => Date;
  readonly write: (text: string) => void;
}

/** Puts a dispatcher together. */
export function openDispatcher(parts: Parts, { logFormat, onEnd }: OpenOptions): Dispatcher {
  const { name, config, folder, keeperFile, environment, ledger, located, now, write } = parts;
  return {
    name,
    config,
    tracker: located.tracker,
    ledger,
    host: createRunHost({ root: join(folder, 'runs'), keeperFile, environment, onEnd }),
    place: {
      cwd: located.workFolder,
      jitDir: located.jitDir,
      path: located.path,
      tracker: located.program,
      leaseSecs: config.leaseSecs,
      stopGraceSecs: config.stopGraceSecs,
    },
    environment,
    log: logFormat === null ? () => {} : createLog(logFormat, { now, write }),
    now,
    random: Math.random,
    uptimeMs,
    newRunId: () => newRunId(now().getTime(), randomBytes(16)),
    newToken: () => randomBytes(16).toString('hex'),
    step: killAt(environment.JIT_DISPATCH_TEST_KILL_AT),
  };
}

/** In the test build: ends this process with SIGKILL at the step that is named. */
function killAt(wanted: string | undefined): (name: string) => void {
  if (!__TEST_BUILD__ || wanted === undefined) return () => {};
  return (name) => {
    if (name === wanted) process.kill(process.pid, 'SIGKILL');
  };
}
