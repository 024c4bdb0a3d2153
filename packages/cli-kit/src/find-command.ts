import { usageError } from '@jit/contract/errors';
import { beginsPath, commandIndex, type Entries, wordsAfter } from './command-index.ts';
import type { CommandIndexEntry } from './define-command.ts';
import { flagTable, isFlagWord, splitFlagWord, takesValue } from './flag-table.ts';
import type { OptionSpecs } from './option-spec.ts';

/** A command and the words that are left for it, global flags before its path included. */
export interface Found<C> {
  readonly entry: CommandIndexEntry<C>;
  readonly rest: readonly string[];
}

/**
 * Finds the command argv calls. Before and inside its path only global flags may stand.
 * @param program name for hints
 * @throws JitError usage: no command, unknown command, a group alone, a flag out of place
 */
export async function findCommand<C>(
  entries: Entries<C>,
  argv: readonly string[],
  globals: OptionSpecs,
  program: string,
): Promise<Found<C>> {
  const { words, positions, strayAt } = walk(entries, argv, globals);
  for (let length = words.length; length > 0; length -= 1) {
    const entry = commandIndex(entries).byPath.get(words.slice(0, length).join(' '));
    if (entry === undefined) continue;
    const path = new Set(positions.slice(0, length));
    return { entry, rest: argv.filter((_, at) => !path.has(at)) };
  }
  if (strayAt !== undefined) {
    // Only here, because the suggestions are not needed otherwise.
    const { unknownCommand } = await import('./unknown-command.ts');
    const after = argv.slice(strayAt + 1);
    const end = after.findIndex(isFlagWord);
    const typed = [...words, argv[strayAt] ?? ''];
    throw await unknownCommand(entries, typed, end < 0 ? after : after.slice(0, end), program);
  }
  throw words.length === 0
    ? usageError('no command is given', { hint: `see '${program} --help'` })
    : groupAlone(entries, words.join(' '), program);
}

interface Walk {
  /** The words of the path, and where they stand in argv. */
  readonly words: string[];
  readonly positions: number[];
  /** Where the first word stands that leads nowhere. */
  readonly strayAt: number | undefined;
}

function walk<C>(entries: Entries<C>, argv: readonly string[], globals: OptionSpecs): Walk {
  const words: string[] = [];
  const positions: number[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--') break;
    if (!isFlagWord(word)) {
      if (!beginsPath(entries, [...words, word])) return { words, positions, strayAt: at };
      words.push(word);
      positions.push(at);
    } else if (commandIndex(entries).byPath.has(words.join(' '))) {
      break;
    } else if (wantsNextWord(word, globals)) {
      at += 1;
    }
  }
  return { words, positions, strayAt: undefined };
}

function wantsNextWord(word: string, globals: OptionSpecs): boolean {
  const [name, value] = splitFlagWord(word);
  const flag = flagTable({}, globals).get(name);
  if (flag === undefined) {
    throw usageError(`flag '${name}' stands before the command`, {
      hint: 'put it after the command',
      details: { flag: name },
    });
  }
  return takesValue(flag) && value === undefined;
}

function groupAlone<C>(entries: Entries<C>, group: string, program: string): Error {
  const accepted = wordsAfter(entries, group);
  return usageError(`'${program} ${group}' needs a command`, {
    hint: `one of ${accepted.join(', ')}; see '${program} ${group} --help'`,
    details: { group, accepted },
  });
}
