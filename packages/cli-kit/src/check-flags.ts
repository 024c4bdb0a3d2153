import { usageError } from '@jit/contract/errors';
import { type Flag, type FlagTable, isFlagWord, splitFlagWord, takesValue } from './flag-table.ts';
import { didYouMean, suggest } from './suggest.ts';

/** Where the flags were found, for messages. */
export interface FlagSource {
  readonly flags: FlagTable;
  /** Program and path: `jit issue create`. */
  readonly command: string;
}

/**
 * Refuses what the parser would quietly accept: unknown flags, flags without their value, values
 * for switches other than true and false, single flags given twice. Because a value that begins
 * with a dash must be written `--flag=VALUE`, every such word before `--` is a flag.
 * @returns argv with `--switch=true` and `--switch=false` resolved.
 * @throws JitError usage
 */
export async function checkFlags(argv: readonly string[], source: FlagSource): Promise<string[]> {
  const checked: string[] = [];
  const given = new Map<string, Flag>();
  // Whether the word before is a flag that takes this one as its value.
  let isWanted = false;
  for (const [at, word] of argv.entries()) {
    if (word === '--') return [...checked, ...argv.slice(at)];
    if (!isFlagWord(word)) {
      if (/^-\d|^-\./.test(word) && !isWanted) refuseDash(word);
      isWanted = false;
      checked.push(word);
      continue;
    }
    const [name, value] = splitFlagWord(word);
    const flag = source.flags.get(name);
    if (flag === undefined) throw await unknownFlag(name, source);
    refuseRepetition(name, flag, given);
    isWanted = takesValue(flag) && value === undefined;
    if (takesValue(flag)) {
      if (isWanted) refuseMissingValue(name, argv[at + 1]);
      checked.push(word);
    } else if (readSwitch(name, value)) {
      checked.push(name);
    }
  }
  return checked;
}

function refuseRepetition(name: string, flag: Flag, given: Map<string, Flag>): void {
  const first = given.get(flag.option);
  given.set(flag.option, flag);
  if (first === undefined || flag.spec.type === 'list') return;
  if (first.isFile !== flag.isFile) {
    throw usageError(`--${flag.option} and --${flag.option}-file contradict each other`, {
      hint: 'give the text once',
      details: { flags: [`--${flag.option}`, `--${flag.option}-file`] },
    });
  }
  throw usageError(`${name} is given twice`, {
    hint: 'it takes a single value',
    details: { flag: `--${flag.option}` },
  });
}

function refuseMissingValue(name: string, next: string | undefined): void {
  if (next !== undefined && next !== '--' && !isFlagWord(next)) return;
  const facts = { details: { flag: name } };
  if (next === undefined) throw usageError(`${name} needs a value`, facts);
  const example = next === '--' ? 'VALUE' : next;
  const value = /\s/.test(example) ? JSON.stringify(example) : example;
  const hint = `a value that begins with a dash is written ${name}=${value}`;
  throw usageError(`${name} needs a value`, { ...facts, hint });
}

// yargs-parser would take it for a flag and the word after it for its value.
function refuseDash(word: string): never {
  throw usageError(`unexpected '${word}'`, {
    hint: 'write -- before words that begin with a dash',
  });
}

function readSwitch(name: string, value: string | undefined): boolean {
  if (value === undefined || value === 'true') return true;
  if (value === 'false') return false;
  throw usageError(`${name} is a switch and takes no value '${value}'`, {
    hint: `write ${name}, ${name}=true or ${name}=false`,
    details: { flag: name, accepted: ['true', 'false'] },
  });
}

async function unknownFlag(name: string, { flags, command }: FlagSource): Promise<Error> {
  const words = [...flags.keys()];
  const positive = name.replace(/^--no-/, '--');
  const isNegation = positive !== name && flags.get(positive)?.spec.type === 'boolean';
  const nearest = isNegation
    ? `${positive}=false`
    : await suggest(
        name.replace(/^-(?=[^-]{2})/, '--'),
        words.filter((word) => word.startsWith('--')),
      );
  return usageError(`unknown flag '${name}'`, {
    hint: didYouMean(nearest, `see '${command} --help'`),
    details: { flag: name, nearest: nearest ?? null, accepted: words },
  });
}
