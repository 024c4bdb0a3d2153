import { usageError } from '@jit/contract/errors';
// The entry without node:util, fs and module: importing those takes longer than parsing.
import yargsParser from 'yargs-parser/browser';
import { checkFlags } from './check-flags.ts';
import { convertValue, refuseEmpty, refuseOtherThan } from './convert-value.ts';
import { type Flag, type FlagTable, flagTable, takesValue } from './flag-table.ts';
import { type Args, type ArgValue, argName, type OptionSpecs } from './option-spec.ts';
import { isRequired, positionalLabel, type UsageSource, usageLine } from './usage-line.ts';

/** A text option whose text is still in a file. */
export interface TextFile {
  readonly flag: string;
  readonly arg: string;
  /** `-` is stdin. */
  readonly path: string;
  readonly allowEmpty: boolean;
}

/** What argv says. Values of `files` are not yet in `args`. */
export interface Parsed {
  readonly args: Args;
  readonly globals: Args;
  readonly files: readonly TextFile[];
}

/**
 * Parses the words after a command's path.
 * @param program name for usage lines
 * @throws JitError usage: unknown, repeated, missing, empty or unacceptable words
 */
export async function parse(
  argv: readonly string[],
  command: UsageSource,
  globals: OptionSpecs,
  program: string,
): Promise<Parsed> {
  const flags = flagTable(command.options, globals);
  const words = await checkFlags(argv, { flags, command: `${program} ${command.path}` });
  const { positionals, values } = splitWords(words, flags);
  const usage = () => `usage: ${usageLine(program, command)}`;

  const args: Record<string, ArgValue> = {};
  const globalArgs: Record<string, ArgValue> = {};
  const files: TextFile[] = [];
  for (const [word, flag] of flags) {
    if (!word.startsWith('--')) continue;
    const target = flag.isGlobal ? globalArgs : args;
    const typed = values.get(word);
    if (flag.isFile) {
      if (typed !== undefined) files.push(textFile(word, flag, typed[0] ?? ''));
    } else if (typed === undefined) {
      target[flag.arg] = absentValue(flag);
    } else {
      target[flag.arg] = takesValue(flag) ? await convertValue(word, flag.spec, typed) : true;
    }
  }
  refuseMissingFlags(command, values, usage);
  Object.assign(args, await assignPositionals(positionals, command, usage));
  return { args, globals: globalArgs, files };
}

interface Split {
  readonly positionals: readonly string[];
  /** What was typed for each long flag; an empty list for a switch. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

function splitWords(words: string[], flags: FlagTable): Split {
  const names = [...flags].filter(([word]) => word.startsWith('--'));
  const alias: Record<string, string> = {};
  const narg: Record<string, number> = {};
  for (const [word, flag] of names) {
    narg[word.slice(2)] = takesValue(flag) ? 1 : 0;
    if (flag.spec.alias !== undefined && !flag.isFile) alias[flag.option] = flag.spec.alias;
  }
  const parsed = yargsParser(words, {
    alias,
    narg,
    string: names.filter(([, flag]) => takesValue(flag)).map(([word]) => word.slice(2)),
    boolean: names.filter(([, flag]) => !takesValue(flag)).map(([word]) => word.slice(2)),
    configuration: {
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'duplicate-arguments-array': true,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': true,
      'short-option-groups': false,
    },
  });
  const values = new Map<string, readonly string[]>();
  for (const [word, flag] of names) {
    const value: unknown = parsed[word.slice(2)];
    if (value === undefined) continue;
    values.set(word, takesValue(flag) ? [value].flat().map(String) : []);
  }
  return { positionals: [...parsed._, ...(parsed['--'] ?? [])].map(String), values };
}

function textFile(word: string, flag: Flag, path: string): TextFile {
  refuseEmpty(word, path);
  const allowEmpty = flag.spec.type === 'text' && flag.spec.allowEmpty === true;
  return { flag: word, arg: flag.arg, path, allowEmpty };
}

function absentValue({ spec }: Flag): ArgValue {
  if (spec.type === 'boolean') return false;
  if (spec.type === 'list') return [];
  return spec.type === 'text' || spec.type === 'file' ? undefined : spec.default;
}

function refuseMissingFlags(
  command: UsageSource,
  values: Split['values'],
  usage: () => string,
): void {
  const missing = Object.entries(command.options)
    .filter(([name, spec]) => isRequired(spec) && !values.has(`--${name}`))
    .filter(([name]) => !values.has(`--${name}-file`))
    .map(([name]) => `--${name}`);
  if (missing.length === 0) return;
  throw usageError(`${missing.join(' and ')} must be given`, {
    hint: usage(),
    details: { missing },
  });
}

async function assignPositionals(
  words: readonly string[],
  command: UsageSource,
  usage: () => string,
): Promise<Args> {
  const args: Record<string, ArgValue> = {};
  const rest = [...words];
  for (const positional of command.positionals) {
    const label = positionalLabel(positional);
    const taken = rest.splice(0, positional.variadic ? rest.length : 1);
    if (taken.length === 0 && positional.required) {
      throw usageError(`${label} is missing`, { hint: usage(), details: { missing: [label] } });
    }
    for (const value of taken) {
      refuseEmpty(label, value);
      await refuseOtherThan(label, value, positional.choices);
    }
    args[argName(positional.name)] = positional.variadic ? taken : taken[0];
  }
  if (rest[0] === undefined) return args;
  throw usageError(`unexpected argument '${rest[0]}'`, {
    hint: usage(),
    details: { unexpected: rest },
  });
}
