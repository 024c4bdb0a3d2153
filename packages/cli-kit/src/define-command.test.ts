import { expect, expectTypeOf, test } from 'vitest';
import { type addNote, feed, showNotes } from '../test/toy-program.ts';
import { type Command, commandFor } from './define-command.ts';

type ArgsOf<T> = T extends Command<never, infer A, never> ? A : never;

test('the types of arguments follow from the definition', () => {
  const define = commandFor<null>();
  define({
    path: 'x',
    summary: '',
    examples: [],
    output: 'x',
    positionals: [
      { name: 'note-id', describe: '', required: true },
      { name: 'rest', describe: '', variadic: true, choices: ['a', 'b'] },
    ],
    options: {
      level: { type: 'string', describe: '', choices: ['low', 'high'] },
      mode: { type: 'string', describe: '', choices: ['on', 'off'], default: 'on' },
      'due-date': { type: 'string', describe: '', required: true },
      count: { type: 'number', describe: '' },
      limit: { type: 'number', describe: '', default: 3 },
      loud: { type: 'boolean', describe: '' },
      tag: { type: 'list', describe: '', split: ',', choices: ['x', 'y'] },
      body: { type: 'text', describe: '' },
    },
    run(context, args) {
      expectTypeOf(context).toEqualTypeOf<null>();
      expectTypeOf(args.noteId).toEqualTypeOf<string>();
      expectTypeOf(args.rest).toEqualTypeOf<readonly ('a' | 'b')[]>();
      expectTypeOf(args.level).toEqualTypeOf<'low' | 'high' | undefined>();
      expectTypeOf(args.mode).toEqualTypeOf<'on' | 'off'>();
      expectTypeOf(args.dueDate).toEqualTypeOf<string>();
      expectTypeOf(args.count).toEqualTypeOf<number | undefined>();
      expectTypeOf(args.limit).toEqualTypeOf<number>();
      expectTypeOf(args.loud).toEqualTypeOf<boolean>();
      expectTypeOf(args.tag).toEqualTypeOf<readonly ('x' | 'y')[]>();
      expectTypeOf(args.body).toEqualTypeOf<string | undefined>();
      expectTypeOf(args).not.toHaveProperty('bodyFile');
      return Promise.resolve({ answer: 42 });
    },
    render(data) {
      expectTypeOf(data).toEqualTypeOf<{ answer: number }>();
      return `${data.answer}`;
    },
  });
});

test('a stream is rendered item by item', () => {
  expectTypeOf(feed.render).parameter(0).toEqualTypeOf<{ line: number; ok: boolean }>();
  expect(feed.stream).toBe('lines');
});

test('left-out options and positionals are empty', () => {
  expect(feed.positionals).toEqual([]);
  expect(showNotes.positionals).toHaveLength(2);
  expectTypeOf<ArgsOf<typeof addNote>>().toHaveProperty('dueDate');
});
