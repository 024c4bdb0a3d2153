import { isAbsolute, resolve } from 'node:path';
import type { KeyPath } from './locate-key.ts';
import type { Problem } from './problem.ts';
import { CommandProblem, splitCommand } from './split-command.ts';

/** Why a word with such a character is refused. */
export const NUL_PROBLEM = 'it holds a NUL character, which no program can be given';

/** True if a text can't be given to a program. */
export function hasNul(text: string): boolean {
  return text.includes('\0');
}

/** A command as a list, its program found from the configuration's folder if it is a relative path. */
export function toArgv(command: string | readonly string[], folder: string): string[] {
  const [program = '', ...args] = typeof command === 'string' ? splitCommand(command) : command;
  if (program === '') throw new CommandProblem('it names no program');
  if ([program, ...args].some(hasNul)) throw new CommandProblem(NUL_PROBLEM);
  return [
    program.includes('/') && !isAbsolute(program) ? resolve(folder, program) : program,
    ...args,
  ];
}

/** A configured program, or null if there is none; what is wrong with it goes into `problems`. */
export function programOf(
  command: string | readonly string[] | undefined,
  path: KeyPath,
  { folder, problems }: { folder: string; problems: Problem[] },
): readonly string[] | null {
  try {
    return command === undefined ? null : toArgv(command, folder);
  } catch (error) {
    if (!(error instanceof CommandProblem)) throw error;
    problems.push({ path, message: error.message });
    return null;
  }
}
