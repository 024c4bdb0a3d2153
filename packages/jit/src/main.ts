import { commonGlobals } from '@jit/cli-kit/globals';
import { runMain } from '@jit/cli-kit/main-process';
import { COMMANDS } from './commands/index.ts';
import { TOPICS } from './commands/topics.ts';
import { createContext } from './context.ts';

declare const __VERSION__: string;

void runMain({
  name: 'jit',
  version: __VERSION__,
  commands: COMMANDS,
  topics: TOPICS,
  globals: commonGlobals,
  createContext: (globals, io, tools) =>
    createContext(globals, io, tools, process.argv.slice(2, 4).join(' ')),
});
