import { commandFor } from '@jit/cli-kit/define-command';
import type { JitContext } from '../context.ts';

/** Defines a command of jit. */
export const defineCommand = commandFor<JitContext>();
