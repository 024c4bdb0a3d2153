import type { ProgramFacts } from './answer-aside.ts';
import { beginsPath, commandIndex } from './command-index.ts';
import type { CommandIndexEntry } from './define-command.ts';
import { plainWords } from './flag-table.ts';
import { unknownCommand } from './unknown-command.ts';

/** Whose help is meant: a topic's text, a command, or a group (`''` is the program itself). */
export interface HelpTarget<C> {
  readonly topic: string | undefined;
  readonly entry: CommandIndexEntry<C> | undefined;
  readonly group: string;
}

/**
 * Finds what `--help` or `help …` in argv is about. Flags in it are of no interest, whatever they
 * are, and neither is what follows a whole command.
 * @throws JitError usage for an unknown command
 */
export async function findHelp<C>(
  argv: readonly string[],
  { name, commands, globals, topics = {} }: ProgramFacts<C>,
): Promise<HelpTarget<C>> {
  const words = plainWords(argv, globals);
  const { byPath } = commandIndex(commands);
  if (words[0] === 'help' && !byPath.has('help')) words.shift();
  const topic = words.length === 1 ? ownValue(topics, words[0]) : undefined;

  let length = 0;
  while (length < words.length && beginsPath(commands, words.slice(0, length + 1))) length += 1;
  const group = words.slice(0, length).join(' ');
  const entry = byPath.get(group);
  if (topic === undefined && entry === undefined && length < words.length) {
    const typed = words.slice(0, length + 1);
    throw await unknownCommand(commands, typed, words.slice(length + 1), name);
  }
  return { topic, entry, group };
}

function ownValue(texts: Readonly<Record<string, string>>, key = ''): string | undefined {
  return Object.hasOwn(texts, key) ? texts[key] : undefined;
}
