import type { Entries } from './command-index.ts';
import type { Command } from './define-command.ts';
import { findCommand } from './find-command.ts';
import type { Args, OptionSpecs } from './option-spec.ts';
import { parse } from './parse.ts';
import type { TextInput } from './read-text.ts';

/** What a line of argv is prepared with. */
export interface PrepareOptions<C> {
  readonly program: string;
  readonly commands: Entries<C>;
  readonly globals: OptionSpecs;
  /** Undefined where stdin is not to be read. */
  readonly input: TextInput | undefined;
}

/** A command with everything it needs but its context. */
export interface Prepared<C> {
  readonly command: Command<C>;
  readonly args: Args;
  readonly globals: Args;
}

/**
 * Finds and loads the command argv calls, parses the rest and reads the files of its text options.
 * @throws JitError usage
 */
export async function prepareCommand<C>(
  argv: readonly string[],
  { program, commands, globals, input }: PrepareOptions<C>,
): Promise<Prepared<C>> {
  const { entry, rest } = await findCommand(commands, argv, globals, program);
  const command = await entry.load();
  const parsed = await parse(rest, command, globals, program);
  if (parsed.files.length === 0) return { command, args: parsed.args, globals: parsed.globals };
  const { readTexts } = await import('./read-text.ts');
  const texts = await readTexts(parsed.files, input);
  return { command, args: { ...parsed.args, ...texts }, globals: parsed.globals };
}
