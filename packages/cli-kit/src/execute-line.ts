import { exitCodeOf, JitError, toErrorObject, usageError } from '@jit/contract/errors';
import { asksForHelp } from './answer-aside.ts';
import type { Entries } from './command-index.ts';
import { outputGlobals } from './globals.ts';
import type { Args, OptionSpecs } from './option-spec.ts';
import { prepareCommand } from './prepare-command.ts';
import { isIterable } from './print-stream.ts';
import type { TextInput } from './read-text.ts';

/** What became of a line: its exit code, and its data or its error. */
export interface LineResult {
  readonly exit: number;
  readonly data?: unknown;
  readonly error?: JitError;
}

/** Where a line is executed. */
export interface LineOptions {
  /** Name of the program, for messages. */
  readonly program: string;
  readonly globals: OptionSpecs;
  /** What `--x-file -` reads; without it such a line is refused. */
  readonly input?: TextInput;
}

/**
 * Executes one argv in this process and prints nothing. Never rejects: whatever goes wrong is in
 * the result, a bug as kind `bug` with its cause. Help and streaming commands are refused.
 * @param makeContext gives the context for the global flags of this line; it is not closed here
 */
export async function executeLine<C>(
  entries: Entries<C>,
  argv: readonly string[],
  makeContext: (globals: Args) => C | Promise<C>,
  { program, globals, input }: LineOptions,
): Promise<LineResult> {
  try {
    if (asksForHelp(argv)) throw usageError('help is not available inside another command');
    const { command, args, ...prepared } = await prepareCommand(argv, {
      program,
      commands: entries,
      globals: { ...outputGlobals, ...globals },
      input,
    });
    const refusal = () =>
      usageError(`'${program} ${command.path}' cannot stream inside another command`);
    if (command.stream === 'lines') throw refusal();
    const data = await command.run(await makeContext(prepared.globals), args);
    if (isIterable(data)) throw refusal();
    const kind = command.exit?.(data) ?? null;
    return { exit: kind === null ? 0 : exitCodeOf(kind), data };
  } catch (thrown) {
    const error = thrown instanceof JitError ? thrown : asBug(thrown);
    return { exit: exitCodeOf(error.kind), error };
  }
}

function asBug(thrown: unknown): JitError {
  const { code, message, hint } = toErrorObject(thrown).error;
  return new JitError('bug', code, message, { cause: thrown, ...(hint !== null && { hint }) });
}
