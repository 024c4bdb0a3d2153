import { fileURLToPath } from 'node:url';
import { createDispatcherFrom } from './library/create-dispatcher.ts';
import type { JitDispatcher } from './library/jit-dispatcher.ts';
import type { DispatcherOptions } from './library/options.ts';

export type { JitDispatcher } from './library/jit-dispatcher.ts';

/**
 * A dispatcher for programs. Nothing is read before one of its methods is called.
 * @param config path of the configuration; default `dispatch.toml`
 */
export function createDispatcher(config?: string, options: DispatcherOptions = {}): JitDispatcher {
  const { name, dir, environment = process.env, warn = () => {} } = options;
  const module = import.meta.url;
  return createDispatcherFrom({
    config,
    name,
    dir,
    environment,
    keeperFile: fileURLToPath(new URL('keeper.cjs', module)),
    module,
    warn,
    write: async (text) => warn(text.trimEnd()),
  });
}
