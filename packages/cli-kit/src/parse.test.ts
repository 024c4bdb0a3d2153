import type { JitError } from '@jit/contract/errors';
import { describe, expect, test } from 'vitest';
import { addNote, showNotes } from '../test/toy-program.ts';
import { commonGlobals } from './globals.ts';
import { parse } from './parse.ts';

const add = (...argv: string[]) => parse(argv, addNote, commonGlobals, 'toy');
const show = (...argv: string[]) => parse(argv, showNotes, commonGlobals, 'toy');

async function refusal(parsing: Promise<unknown>): Promise<JitError> {
  const error = await parsing.then(
    () => undefined,
    (thrown: JitError) => thrown,
  );
  if (error === undefined) throw new Error('it was accepted');
  expect(error.kind).toBe('usage');
  expect(`${error.message}\n${error.hint}`.split('\n').length).toBeLessThan(6);
  return error;
}

describe('what is accepted', () => {
  test.each<[string, string[], Record<string, unknown>]>([
    ['a positional', ['milk'], { title: 'milk' }],
    ['a positional that looks like a number', ['1e10'], { title: '1e10' }],
    ['a positional with leading zeros', ['007'], { title: '007' }],
    ['a negative number as positional after --', ['--', '-5'], { title: '-5' }],
    ['a lone dash as positional', ['-'], { title: '-' }],
    ['a positional that begins with a dash after --', ['--', '--loud'], { title: '--loud' }],
    ['true after a switch as positional', ['--loud', 'true'], { title: 'true', loud: true }],
    ['quotes as they are', ["'x'", '--memo="y"'], { title: "'x'", memo: '"y"' }],
    ['a default', ['x'], { priority: 'normal' }],
    ['nothing for what is absent', ['x'], { dueDate: undefined, loud: false, tag: [] }],
    ['a flag with =', ['x', '--due-date=1e3'], { dueDate: '1e3' }],
    ['a flag with a separate value', ['x', '--due-date', '0x10'], { dueDate: '0x10' }],
    ['a value with = and line breaks', ['x', '--memo=a=b\nc=d'], { memo: 'a=b\nc=d' }],
    ['a value that begins with a dash', ['x', '--memo=--loud'], { memo: '--loud', loud: false }],
    ['a value with dots in it', ['x', '--memo', 'a.b'], { memo: 'a.b' }],
    ['an empty value where it is allowed', ['x', '--memo='], { memo: '' }],
    ['an empty separate value', ['x', '--memo', ''], { memo: '' }],
    ['a short flag', ['-p', 'high', 'x'], { priority: 'high', title: 'x' }],
    ['a short flag with =', ['-p=low', 'x'], { priority: 'low' }],
    ['a whole number', ['x', '--copies', '9'], { copies: 9 }],
    ['a negative number', ['x', '--weight', '-1.5'], { weight: -1.5 }],
    ['a number with exponent', ['x', '--weight=1e3'], { weight: 1000 }],
    ['a switch', ['x', '--loud'], { loud: true }],
    ['a switch with true', ['x', '--loud=true'], { loud: true }],
    ['a switch with false', ['x', '--loud=false'], { loud: false }],
    ['a list with commas', ['x', '--tag', 'a, b', '--tag=c'], { tag: ['a', 'b', 'c'] }],
    ['a list without splitting', ['x', '--link', 'a,b', '--link', 'c'], { link: ['a,b', 'c'] }],
    ['a list that leaves positionals alone', ['--tag', 'a', 'x'], { tag: ['a'], title: 'x' }],
    ['a text', ['x', '--body', 'a\nb'], { body: 'a\nb' }],
    ['a text by its alias', ['x', '-b', '1'], { body: '1' }],
  ])('%s', async (_, argv, wanted) => {
    expect((await add(...argv)).args).toMatchObject(wanted);
  });

  test('variadic positionals are a list, under a camelCased name', async () => {
    const { args } = await show('short', '1', '--owner', 'me', '02', '--', '-3');
    expect(args).toEqual({ form: 'short', noteId: ['1', '02', '-3'], owner: 'me' });
  });

  test('global flags are kept apart', async () => {
    const { args, globals } = await add('x', '--json', '--lock-timeout', '0.5', '--dir', '/a');
    expect(globals).toMatchObject({ json: true, lockTimeout: 0.5, dir: '/a', actor: undefined });
    expect(args).not.toHaveProperty('json');
  });

  test('a file of a text option is left to be read', async () => {
    const { args, files } = await add('x', '--body-file', '-');
    expect(files).toEqual([{ flag: '--body-file', arg: 'body', path: '-', allowEmpty: false }]);
    expect(args).not.toHaveProperty('bodyFile');
  });
});

describe('what is refused', () => {
  test.each<[string, string[], string, string | undefined]>([
    ['unknown', ['x', '--lod'], "unknown flag '--lod'", "did you mean '--loud'?"],
    ['unknown, far off', ['x', '--zzzzzz'], "unknown flag '--zzzzzz'", "see 'toy note add --help'"],
    ['unknown short', ['x', '-z'], "unknown flag '-z'", "see 'toy note add --help'"],
    ['an abbreviation', ['x', '--prio=low'], "unknown flag '--prio'", "did you mean '--priority'?"],
    ['a long one with one dash', ['x', '-loud'], "unknown flag '-loud'", "did you mean '--loud'?"],
    ['grouped short ones', ['x', '-pb'], "unknown flag '-pb'", "see 'toy note add --help'"],
    ['camelCase', ['x', '--dueDate=1'], "unknown flag '--dueDate'", "did you mean '--due-date'?"],
    ['a negation', ['x', '--no-loud'], "unknown flag '--no-loud'", "did you mean '--loud=false'?"],
    ['__proto__', ['x', '--__proto__=1'], "unknown flag '--__proto__'", undefined],
    ['dots', ['x', '--loud.x=1'], "unknown flag '--loud.x'", "did you mean '--loud'?"],
    ['no value at the end', ['x', '--memo'], '--memo needs a value', undefined],
    [
      'a flag as value',
      ['x', '--memo', '--x y'],
      '--memo needs a value',
      'a value that begins with a dash is written --memo="--x y"',
    ],
    ['-- as value', ['x', '--memo', '--', 'y'], '--memo needs a value', undefined],
    ['a repetition', ['x', '--memo=1', '--memo=1'], '--memo is given twice', undefined],
    ['one by alias', ['x', '-p=low', '--priority=low'], '--priority is given twice', undefined],
    ['a switch twice', ['x', '--loud', '--loud=false'], '--loud is given twice', undefined],
    ['a global twice', ['x', '--dir=a', '--dir=b'], '--dir is given twice', undefined],
    [
      'text and file',
      ['x', '--body=a', '--body-file=b'],
      '--body and --body-file contradict each other',
      undefined,
    ],
    ['an empty path', ['x', '--body-file='], '--body-file is empty', undefined],
    [
      'a switch with a value',
      ['x', '--loud=yes'],
      "--loud is a switch and takes no value 'yes'",
      undefined,
    ],
    ['an empty string', ['x', '--due-date='], '--due-date is empty', undefined],
    ['an empty text', ['x', '--body', ''], '--body is empty', undefined],
    ['an empty positional', [''], '<title> is empty', undefined],
    ['an empty element', ['x', '--tag', 'a,,b'], '--tag has an empty element', undefined],
    ['an empty list', ['x', '--tag='], '--tag has an empty element', undefined],
    [
      'another choice',
      ['x', '-p', 'hihg'],
      "--priority 'hihg' is not one of: low, normal, high",
      "did you mean 'high'?",
    ],
    [
      'another case',
      ['x', '-p', 'HIGH'],
      "--priority 'HIGH' is not one of: low, normal, high",
      "did you mean 'high'?",
    ],
    ['no number', ['x', '--weight', 'abc'], "--weight 'abc' is not a number", undefined],
    ['hexadecimal', ['x', '--weight=0x10'], "--weight '0x10' is not a number", undefined],
    ['infinity', ['x', '--weight=1e999'], "--weight '1e999' is not a number", undefined],
    [
      'a fraction',
      ['x', '--copies=1.5'],
      "--copies '1.5' is not a whole number from 1 to 9",
      undefined,
    ],
    [
      'too little',
      ['x', '--copies=0'],
      "--copies '0' is not a whole number from 1 to 9",
      undefined,
    ],
    [
      'too much',
      ['x', '--copies=10'],
      "--copies '10' is not a whole number from 1 to 9",
      undefined,
    ],
    ['an empty number', ['x', '--copies='], '--copies is empty', undefined],
    [
      'below zero',
      ['x', '--lock-timeout=-1'],
      "--lock-timeout '-1' is not a number of at least 0",
      undefined,
    ],
    ['one too many', ['x', 'y'], "unexpected argument 'y'", 'usage: toy note add <title> [flags]'],
    [
      'a negative number',
      ['-5', 'x'],
      "unexpected '-5'",
      'write -- before words that begin with a dash',
    ],
    ['one after a value', ['--memo', 'a', '-5'], "unexpected '-5'", undefined],
    ['nothing', [], '<title> is missing', 'usage: toy note add <title> [flags]'],
  ])('%s', async (_, argv, message, hint) => {
    const error = await refusal(add(...argv));
    expect(error.message).toBe(message);
    if (hint !== undefined) expect(error.hint).toBe(hint);
  });

  test('a required flag that is missing, with the usage line', async () => {
    const error = await refusal(show('short', '1'));
    expect(error.message).toBe('--owner must be given');
    expect(error.hint).toBe('usage: toy note show --owner OWNER <form> <note-id...>');
  });

  test('a choice of a positional, with the accepted values in the details', async () => {
    const error = await refusal(show('shrt', '1', '--owner=me'));
    expect(error.details).toEqual({
      value: 'shrt',
      nearest: 'short',
      accepted: ['short', 'long'],
    });
  });

  test('a missing variadic positional', async () => {
    expect((await refusal(show('short', '--owner=me'))).message).toBe('<note-id...> is missing');
  });
});

test.each(['dir', 'help'])('an option of a command called %s is a bug', async (name) => {
  const command = { ...addNote, options: { [name]: { type: 'string', describe: 'x' } as const } };
  await expect(parse(['x'], command, commonGlobals, 'toy')).rejects.toThrow(
    `two options are called --${name}`,
  );
});
