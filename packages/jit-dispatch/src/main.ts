import { fileURLToPath } from 'node:url';
import { EXIT_CODE_TOPIC } from '@jit/cli-kit/exit-code-topic';
import { runMain } from '@jit/cli-kit/main-process';
import { commands } from './commands/index.ts';
import { createContext, dispatchGlobals } from './context.ts';

const module = import.meta.url;
const keeperFile = fileURLToPath(new URL('keeper.cjs', module));
const bridgeFile = fileURLToPath(new URL('bridge.cjs', module));

void runMain({
  name: 'jit-dispatch',
  version: __VERSION__,
  summary: 'Hands the ready issues of a jit repository to agents and watches over them',
  commands,
  topics: { 'exit-codes': EXIT_CODE_TOPIC },
  globals: dispatchGlobals,
  createContext: (globals, io, { warn }) =>
    createContext(globals, io, { keeperFile, bridgeFile, module, warn }),
});
