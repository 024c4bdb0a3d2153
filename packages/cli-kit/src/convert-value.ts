import { usageError } from '@jit/contract/errors';
import type { ListOption, NumberOption, OptionSpec } from './option-spec.ts';
import { didYouMean, suggest } from './suggest.ts';

/**
 * Turns what was typed for an option into its value, or refuses it.
 * @param label the flag as the user knows it, for messages
 * @throws JitError usage
 */
export async function convertValue(
  label: string,
  spec: OptionSpec,
  typed: readonly string[],
): Promise<string | number | readonly string[]> {
  if (spec.type === 'list') return convertList(label, spec, typed);
  const value = typed[0] ?? '';
  if (spec.type === 'number') return convertNumber(label, spec, value);
  const allowEmpty = (spec.type === 'string' || spec.type === 'text') && spec.allowEmpty === true;
  if (!allowEmpty) refuseEmpty(label, value);
  if (spec.type === 'string') await refuseOtherThan(label, value, spec.choices);
  return value;
}

/**
 * Refuses a value that is not among the accepted ones and names the nearest.
 * @throws JitError usage
 */
export async function refuseOtherThan(
  label: string,
  value: string,
  choices: readonly string[] | undefined,
): Promise<void> {
  if (choices === undefined || choices.includes(value)) return;
  const nearest = await suggest(value, choices);
  throw usageError(`${label} '${value}' is not one of: ${choices.join(', ')}`, {
    hint: didYouMean(nearest, 'use one of these'),
    details: { value, nearest: nearest ?? null, accepted: choices },
  });
}

/**
 * Refuses the empty string, which is no id, title or path.
 * @throws JitError usage
 */
export function refuseEmpty(label: string, value: string): void {
  if (value === '') throw usageError(`${label} is empty`);
}

async function convertList(
  label: string,
  spec: ListOption,
  typed: readonly string[],
): Promise<readonly string[]> {
  const { split, allowEmpty = false } = spec;
  if (allowEmpty && typed.length === 1 && typed[0] === '') return typed;
  const elements =
    split === undefined
      ? typed
      : typed.flatMap((value) => value.split(split).map((element) => element.trim()));
  for (const element of elements) {
    if (element === '') {
      throw usageError(`${label} has an empty element`, { details: { values: typed } });
    }
    await refuseOtherThan(label, element, spec.choices);
  }
  return elements;
}

function convertNumber(label: string, spec: NumberOption, typed: string): number {
  refuseEmpty(label, typed);
  // Number() alone would take '0x10', ' 1 ' and 'Infinity'.
  const isDecimal = /^[+-]?(\d+(\.\d+)?|\.\d+)(e[+-]?\d+)?$/i.test(typed);
  const value = isDecimal ? Number(typed) : Number.NaN;
  const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE } = spec;
  const isWhole = !spec.integer || Number.isSafeInteger(value);
  if (isWhole && value >= min && value <= max) return value;
  throw usageError(`${label} '${typed}' is not ${wanted(spec)}`, {
    details: { value: typed, min: spec.min ?? null, max: spec.max ?? null },
  });
}

function wanted({ integer, min, max }: NumberOption): string {
  const noun = integer ? 'a whole number' : 'a number';
  if (min !== undefined && max !== undefined) return `${noun} from ${min} to ${max}`;
  if (min !== undefined) return `${noun} of at least ${min}`;
  return max === undefined ? noun : `${noun} of at most ${max}`;
}
