import { argName, type OptionSpec, type OptionSpecs } from './option-spec.ts';

/** One word that argv may hold, and the option it belongs to. */
export interface Flag {
  /** Long name of the option, without dashes: `description`, also for `--description-file`. */
  readonly option: string;
  /** Name of the value in the parsed arguments. */
  readonly arg: string;
  readonly spec: OptionSpec;
  /** True for `--x-file` and options of type file: the value names a file that holds the text. */
  readonly isFile: boolean;
  readonly isGlobal: boolean;
}

/** Every flag of a command as written: `--title`, `-t`, `--description-file`. */
export type FlagTable = ReadonlyMap<string, Flag>;

/**
 * Lists the flags that options give.
 * @throws Error (a bug) when two options claim the same flag, or one claims `-h` or `--help`.
 */
export function flagTable(options: OptionSpecs, globals: OptionSpecs): FlagTable {
  const table = new Map<string, Flag>();
  const isTaken = (word: string) => table.has(word) || word === '--help' || word === '-h';
  const add = (word: string, flag: Flag) => {
    if (isTaken(word)) throw new Error(`two options are called ${word}`);
    table.set(word, flag);
  };
  for (const [specs, isGlobal] of [[options, false] as const, [globals, true] as const]) {
    for (const [option, spec] of Object.entries(specs)) {
      const flag: Flag = {
        option,
        arg: argName(option),
        spec,
        isFile: spec.type === 'file',
        isGlobal,
      };
      add(`--${option}`, flag);
      if (spec.alias !== undefined) add(`-${spec.alias}`, flag);
      if (spec.type === 'text') add(`--${option}-file`, { ...flag, isFile: true });
    }
  }
  return table;
}

/** True for a word that stands for a flag. A lone `-` is a value, and so is a negative number. */
export function isFlagWord(word: string): boolean {
  return word.length > 1 && word.startsWith('-') && !/^-(\d+\.?\d*|\.\d+)$/.test(word);
}

/** `--x=1` → `['--x', '1']`; the value is undefined without `=`. */
export function splitFlagWord(word: string): [flag: string, value: string | undefined] {
  const equals = word.indexOf('=');
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

/** True when the flag wants a value. */
export function takesValue(flag: Flag): boolean {
  return flag.spec.type !== 'boolean';
}

/** The words of argv that are neither flags nor values of global flags. Ends at `--`. */
export function plainWords(argv: readonly string[], globals: OptionSpecs): string[] {
  const flags = flagTable({}, globals);
  const words: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--') break;
    const [name, value] = splitFlagWord(word);
    const flag = flags.get(name);
    if (!isFlagWord(word)) words.push(word);
    else if (flag !== undefined && takesValue(flag) && value === undefined) at += 1;
  }
  return words;
}
