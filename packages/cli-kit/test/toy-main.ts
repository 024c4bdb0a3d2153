import { runMain } from '../src/main-process.ts';
import { toyProgram } from './toy-program.ts';

await runMain(toyProgram());
