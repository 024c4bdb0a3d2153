import { beginsPath, commandIndex, commandsOf, type Entries } from './command-index.ts';
import type { Command } from './define-command.ts';
import { type Flag, flagTable, isFlagWord, splitFlagWord, takesValue } from './flag-table.ts';
import type { OptionSpecs } from './option-spec.ts';

/** Something that can be typed next. */
export interface Candidate {
  readonly value: string;
  readonly describe: string;
}

/** What may stand where the cursor is. */
export interface Expected {
  /** What the commands themselves say: commands, flags, choices. */
  readonly candidates: readonly Candidate[];
  /** A value that only the program knows: the name of the option or positional, and of its command. */
  readonly value: { readonly command: string; readonly name: string } | null;
  /** What stands before the value in the same word: `--label=`, `review,`. */
  readonly before: string;
  /** As much of the value as is typed. */
  readonly typed: string;
  /** The values of flags seen so far, by option. */
  readonly given: ReadonlyMap<string, string>;
}

/**
 * Says what can be typed at the cursor. Nothing is refused: what leads nowhere has no candidates.
 * @param words the words before the one at the cursor, without the program's name
 * @param current the word at the cursor as far as it is typed, perhaps empty
 */
export async function expectedAt<C>(
  entries: Entries<C>,
  words: readonly string[],
  current: string,
  globals: OptionSpecs,
): Promise<Expected> {
  const line = await read(entries, words, globals);
  const { command, flags, given, pending } = line;
  const none: Expected = { candidates: [], value: null, before: '', typed: current, given };
  const ofFlag = (flag: Flag, before: string, typed: string) =>
    valueAt(none, { ...flag.spec, name: flag.option }, command?.path ?? '', before, typed);
  if (pending !== null) return ofFlag(pending, '', current);
  if (!line.flagsEnded && current.startsWith('-')) {
    const [name, typed] = splitFlagWord(current);
    const flag = flags.get(name);
    if (typed === undefined) return { ...none, candidates: flagCandidates(flags, given) };
    return flag === undefined ? none : ofFlag(flag, `${name}=`, typed);
  }
  const next = line.positionals === 0 && !line.isLost ? nextWords(entries, line.path) : [];
  const spec = command?.positionals.at(line.positionals) ?? variadic(command);
  if (command === undefined || spec === undefined) return { ...none, candidates: next };
  const found = valueAt(none, spec, command.path, '', current);
  return { ...found, candidates: [...next, ...found.candidates] };
}

interface Line<C> {
  readonly path: string[];
  command: Command<C> | undefined;
  flags: ReadonlyMap<string, Flag>;
  readonly given: Map<string, string>;
  /** A flag that waits for its value. */
  pending: Flag | null;
  positionals: number;
  flagsEnded: boolean;
  /** A word led nowhere. */
  isLost: boolean;
}

async function read<C>(
  entries: Entries<C>,
  words: readonly string[],
  globals: OptionSpecs,
): Promise<Line<C>> {
  const line: Line<C> = {
    path: [],
    command: undefined,
    flags: flagTable({}, globals),
    given: new Map(),
    pending: null,
    positionals: 0,
    flagsEnded: false,
    isLost: false,
  };
  for (const word of words) {
    if (line.pending !== null) {
      line.given.set(line.pending.option, word);
      line.pending = null;
    } else if (line.flagsEnded) {
      line.positionals += 1;
    } else if (word === '--') {
      line.flagsEnded = true;
    } else if (isFlagWord(word)) {
      readFlag(line, word);
    } else if (line.positionals === 0 && beginsPath(entries, [...line.path, word])) {
      line.path.push(word);
      line.command = await commandIndex(entries).byPath.get(line.path.join(' '))?.load();
      if (line.command !== undefined) line.flags = flagTable(line.command.options, globals);
    } else {
      line.positionals += 1;
      line.isLost = line.command === undefined;
    }
  }
  return line;
}

function readFlag<C>(line: Line<C>, word: string): void {
  const [name, value] = splitFlagWord(word);
  const flag = line.flags.get(name);
  if (flag === undefined) return;
  line.given.set(flag.option, value ?? '');
  if (takesValue(flag) && value === undefined) line.pending = flag;
}

function variadic<C>(command: Command<C> | undefined) {
  const last = command?.positionals.at(-1);
  return last?.variadic === true ? last : undefined;
}

/** What is known of an option or a positional. */
interface Wanted {
  readonly name: string;
  readonly type?: string;
  readonly split?: ',';
  readonly choices?: readonly string[];
}

function valueAt(
  none: Expected,
  { name, type, split, choices }: Wanted,
  command: string,
  before: string,
  current: string,
): Expected {
  const cut = split === undefined ? 0 : current.lastIndexOf(split) + 1;
  const place = { before: before + current.slice(0, cut), typed: current.slice(cut) };
  const words = type === 'boolean' ? ['true', 'false'] : choices;
  if (words === undefined) return { ...none, ...place, value: { command, name } };
  const candidates = words.map((value) => ({ value, describe: '' }));
  return { ...none, ...place, candidates };
}

function flagCandidates(
  flags: ReadonlyMap<string, Flag>,
  given: ReadonlyMap<string, string>,
): Candidate[] {
  return [...flags]
    .filter(([word]) => word.startsWith('--'))
    .filter(([, flag]) => flag.spec.type === 'list' || !given.has(flag.option))
    .map(([value, flag]) => ({ value, describe: flag.spec.describe }))
    .concat({ value: '--help', describe: 'how it is used' });
}

function nextWords<C>(entries: Entries<C>, path: readonly string[]): Candidate[] {
  const words = new Map<string, string>();
  const add = (own: string, summary: string) => {
    const parts = own.split(' ');
    const word = parts[path.length];
    if (word === undefined || parts.slice(0, path.length).join(' ') !== path.join(' ')) return;
    const isWhole = parts.length === path.length + 1;
    if (isWhole || !words.has(word)) words.set(word, isWhole ? summary : '');
  };
  for (const { path: own, aliases = [], summary } of commandsOf(entries, '')) {
    for (const each of [own, ...aliases]) add(each, summary);
  }
  return [...words].map(([value, describe]) => ({ value, describe }));
}
