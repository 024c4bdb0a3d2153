import { parse } from '@jit/cli-kit/parse';
import { createStyle } from '@jit/cli-kit/style';
import { expect, test } from 'vitest';
import { type DispatchContext, dispatchGlobals } from '../context.ts';
import { agents } from './agents.ts';
import { dispatch } from './dispatch.ts';
import { estimate } from './estimate.ts';
import { wait } from './wait.ts';

/** What a command asks its dispatcher for when it is called with these words. */
async function askedBy(command: typeof dispatch | typeof estimate, ...argv: readonly string[]) {
  const { args } = await parse(argv, command, dispatchGlobals, 'jit-dispatch');
  let asked: unknown;
  const dispatcher = {
    async admit([request]: readonly unknown[]) {
      asked = request;
    },
    async estimate(_: string, options: unknown) {
      asked = options;
    },
  };
  await command.run({ dispatcher } as unknown as DispatchContext, args as never);
  return (asked as { exclude?: readonly string[] }).exclude;
}

test.each([
  ['--exclude', 'a, b', '--exclude', 'c'],
  ['--exclude', 'a', '--exclude', 'b,c'],
])(
  'agents to leave out are named alike in dispatch and estimate: %s %s %s %s',
  async (...words) => {
    expect(await askedBy(dispatch, 'i1', ...words)).toEqual(['a', 'b', 'c']);
    expect(await askedBy(estimate, 'i1', ...words)).toEqual(['a', 'b', 'c']);
  },
);

test('an empty one ends the wish, none leaves it', async () => {
  expect(await askedBy(dispatch, 'i1', '--exclude', '')).toEqual([]);
  expect(await askedBy(dispatch, 'i1')).toBeUndefined();
});

test.each([
  ['done', null],
  ['rejected', null],
  ['escalated', 'blocked'],
  ['held', 'blocked'],
  ['timed_out', 'lock_timeout'],
] as const)('the end of a wait decides the exit code: %s', (outcome, kind) => {
  const end = { issue: 'i1', repository: '', title: 'One', state: 'ready', outcome } as const;
  expect(wait.exit?.({ ...end, reason: null, run: null, agent: null })).toBe(kind);
});

test('names of agents for people stand beside their ids', async () => {
  const style = await createStyle({ colour: false, columns: 80, isTty: false });
  const able = { capabilities: [], skills: [], strengths: [], tags: [], high_risk: false };
  const one = { role: null, class: 'ai', capacity: 1, in_use: 0, health: 'well' } as const;
  const list = [
    { agent: 'a', title: 'Ana', ...one, ...able, match: null },
    { agent: 'b', title: null, ...one, ...able, match: null },
  ];
  expect(await agents.render?.(list, style)).toMatch(/^a\tAna\t.*\nb\t\t/);
});

test('a run that another process began is shown', async () => {
  const style = await createStyle({ colour: false, columns: 80, isTty: false });
  const well = { code: null, dispatch_code: null, retryable: null, message: null };
  const begun = { repository: null, issue: 'i1', state: 'started', run: 'r1', agent: 'a' } as const;
  const outcomes = [{ ...begun, at: '2026-11-20T10:00:00.000Z', ...well }];
  const answer = { issues: ['i1'], left_to: null, cycle: null, outcomes };
  expect(await dispatch.render?.(answer, style)).toBe('i1: begun by a meanwhile (run r1)');
});
