import type { JitError } from '@jit/contract/errors';
import type { LoadedConfig } from '../config/load.ts';
import type { Workbench } from './workbench.ts';

/** What is known before the configuration is good. */
export interface Setup {
  /** The configuration's file, whether it is there or not. */
  readonly file: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The address of this program's own module: what is installed beside is found from there. */
  readonly module: string;
  /** The configuration, or why it can't be used. */
  readonly loaded: LoadedConfig | JitError;
}

/** The workbench where the configuration can't be used: all that needs it says why. */
export function withoutConfig(
  setup: Omit<Setup, 'loaded'>,
  problem: JitError,
  warn: (message: string) => void,
): Workbench {
  const refuse = (): never => {
    throw problem;
  };
  return {
    setup: { ...setup, loaded: problem },
    get config() {
      return refuse();
    },
    agentNames: refuse,
    get name() {
      return refuse();
    },
    get folder() {
      return refuse();
    },
    get sites() {
      return refuse();
    },
    freshen: async () => {},
    now: () => new Date(),
    warn,
    locateTracker: refuse,
    readLedger: refuse,
    openDispatcher: refuse,
    makeFolder: refuse,
    close() {},
  };
}
