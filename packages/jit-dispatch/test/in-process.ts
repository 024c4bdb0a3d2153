import { fileURLToPath } from 'node:url';
import { commonGlobals } from '@jit/cli-kit/globals';
import { cleanEnv } from '@jit/testkit/processes';
import { type Ended, runInProcess } from '@jit/testkit/run-in-process';
import { COMMANDS } from 'jit/src/commands/index.ts';
import { createContext as createJitContext } from 'jit/src/context.ts';
import { commands } from '../src/commands/index.ts';
import { type createContext, type DispatchContext, dispatchGlobals } from '../src/context.ts';
import { createDispatcherFrom } from '../src/library/create-dispatcher.ts';

/** Where a program is run, as if its process had started there. */
export interface Place {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Calls that look at the folder or the process in which they are made, and paths of files, which are relative to it. */
const NEEDS_PROCESS =
  /^(git|gate (run|trust|define|pass)|batch|init|where|doctor|import)\b| --(\S+-file|from-json)\b/;

/**
 * Whether `jit` may be called in this process: what tests only prepare or look at with it costs a hundredth of
 * a process then. What is tested starts real ones.
 */
export function canBeInProcess(argv: readonly string[]): boolean {
  return !NEEDS_PROCESS.test(argv.join(' '));
}

/** Runs `jit` in this process. */
export function jitInProcess({ root, env }: Place, argv: readonly string[]): Promise<Ended> {
  const program = {
    name: 'jit',
    version: '0.0.0-test',
    commands: COMMANDS,
    globals: commonGlobals,
    createContext: (
      globals: Parameters<typeof createJitContext>[0],
      io: Parameters<typeof createJitContext>[1],
      tools: Parameters<typeof createJitContext>[2],
    ) => createJitContext(globals, io, tools, argv.slice(0, 2).join(' ')),
  };
  return runInProcess(program, argv, { env: cleanEnv({ JIT_DIR: root, ...env }) });
}

const built = (file: string): string => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));

/** Runs a command of `jit-dispatch` in this process; keepers are processes all the same. */
export function dispatchInProcess({ root, env }: Place, argv: readonly string[]): Promise<Ended> {
  const program = {
    name: 'jit-dispatch',
    version: '0.0.0-test',
    commands,
    globals: dispatchGlobals,
    createContext: (
      { config, name, dir, json }: Parameters<typeof createContext>[0],
      io: Parameters<typeof createContext>[1],
      { warn }: { readonly warn: (message: string) => void },
    ): DispatchContext => {
      const logging: DispatchContext['logging'] = { logFormat: 'text' };
      const dispatcher = createDispatcherFrom({
        config,
        base: root,
        name,
        dir,
        environment: io.env,
        keeperFile: built('keeper.cjs'),
        bridgeFile: built('bridge.cjs'),
        module: import.meta.url,
        warn,
        write: (text) => io.err(text),
        logging,
        onSignal: () => () => {},
      });
      const output = { json: json === true, isTty: false };
      return { dispatcher, logging, output, close: () => dispatcher.close() };
    },
  };
  return runInProcess(program, argv, { env: cleanEnv(env) });
}
