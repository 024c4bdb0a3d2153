import { usageError } from '@jit/contract/errors';
import { parseTime } from '../../cli/time.ts';

/** The options for fields that `create` and `update` share. */
export const fieldOptions = {
  description: { type: 'text', alias: 'd', allowEmpty: true, describe: 'the whole text' },
  acceptance: { type: 'list', placeholder: 'TEXT', describe: 'acceptance criterion' },
  'defer-until': {
    type: 'string',
    placeholder: 'TIME',
    describe: 'not before this time (RFC 3339)',
  },
  document: {
    type: 'list',
    placeholder: 'PATH',
    describe: 'document that belongs to it',
  },
  link: {
    type: 'list',
    placeholder: 'NAME=VALUE',
    describe: 'link to something elsewhere',
  },
  meta: { type: 'list', placeholder: 'KEY=VALUE', describe: 'anything else' },
  gate: { type: 'list', split: ',', alias: 'g', placeholder: 'KEY', describe: 'gate it must pass' },
  define: { type: 'boolean', describe: 'define gates that are not there yet, as manual ones' },
} as const;

/** The parsed form of these options. */
export interface FieldArgs {
  readonly description: string | undefined;
  readonly acceptance: readonly string[];
  readonly deferUntil: string | undefined;
  readonly document: readonly string[];
  readonly link: readonly string[];
  readonly meta: readonly string[];
}

/** The fields as they were given. Errors: USAGE for a time or pair that is none. */
export function fieldsOf(args: FieldArgs) {
  return {
    description: args.description,
    acceptance_criteria: args.acceptance.length === 0 ? undefined : args.acceptance,
    defer_until: args.deferUntil === undefined ? undefined : deferOf(args.deferUntil),
    documents: args.document,
    links: pairs('link', args.link),
    metadata: pairs('meta', args.meta),
  };
}

function pairs(flag: string, values: readonly string[]): Record<string, string> {
  const entries = values.map((value): [string, string] => {
    const split = value.indexOf('=');
    if (split < 1) throw usageError(`--${flag} ${value}: NAME=VALUE is expected`);
    return [value.slice(0, split), value.slice(split + 1)];
  });
  const names = entries.map(([name]) => name);
  const twice = names.find((name, position) => names.indexOf(name) !== position);
  if (twice !== undefined) throw usageError(`--${flag} ${twice} is given twice`);
  return Object.fromEntries(entries);
}

/** A time in UTC with milliseconds, or null for `none`. */
function deferOf(text: string): string | null {
  return text === 'none' ? null : parseTime(text, '--defer-until', 'none');
}
