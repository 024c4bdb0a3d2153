import { commandFor } from '@jit/cli-kit/define-command';
import { outputGlobals } from '@jit/cli-kit/globals';
import type { Io } from '@jit/cli-kit/io';
import type { InferredOptions } from '@jit/cli-kit/option-spec';
import { createDispatcherFrom } from './library/create-dispatcher.ts';
import type { JitDispatcher } from './library/jit-dispatcher.ts';

/** Options of every command. */
export const dispatchGlobals = {
  ...outputGlobals,
  config: {
    type: 'string',
    placeholder: 'FILE',
    describe: 'the configuration (default: ./dispatch.toml)',
  },
  name: { type: 'string', describe: 'name of this dispatcher (default: the host name)' },
  dir: {
    type: 'string',
    placeholder: 'PATH',
    describe: 'the .jit folder, or the one that holds it',
  },
} as const;

/** What commands work with. */
export interface DispatchContext {
  /** Everything that can be asked of a dispatcher: commands use nothing else. */
  readonly dispatcher: JitDispatcher;
  /** How what a running dispatcher does leaves it. */
  readonly logging: { logFormat: 'text' | 'json' };
  /** How its answer leaves it. */
  readonly output: { readonly json: boolean; readonly isTty: boolean };
  interrupt?: (times: number) => void;
  close(): Promise<void>;
}

export const defineCommand = commandFor<DispatchContext>();

/** Puts the program together. The only reader of the environment. */
export function createContext(
  globals: InferredOptions<typeof dispatchGlobals>,
  io: Io,
  programs: {
    readonly keeperFile: string;
    readonly bridgeFile: string;
    readonly module: string;
    readonly warn: (message: string) => void;
  },
): DispatchContext {
  const { config, name, dir, json } = globals;
  const logging: { logFormat: 'text' | 'json' } = { logFormat: 'text' };
  const dispatcher = createDispatcherFrom({
    config,
    name,
    dir,
    environment: io.env,
    ...programs,
    write: (text) => io.err(text),
    logging,
    // They reach the command by `interrupt`.
    onSignal: () => () => {},
  });
  return {
    dispatcher,
    logging,
    output: { json: json === true, isTty: io.outIsTty },
    close: () => dispatcher.close(),
  };
}
