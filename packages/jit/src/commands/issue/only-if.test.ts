import { describe, expect, test } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';

describe('issue update --only-if', () => {
  test('changes an issue that fits; the same again finds that it does not any more', async () => {
    const { create, json, fails, events } = await tempTracker();
    const id = await create('x');
    const line = ['issue', 'update', id, '--only-if', 'NOT label:taken', '--add-label', 'taken'];
    expect(await json(line)).toMatchObject({ changed: true, labels: ['taken'] });
    const count = events().length;
    expect(await fails(line)).toMatchObject({
      exit: 6,
      code: 'CONDITION_NOT_MET',
      details: { issue: id, condition: 'NOT label:taken' },
    });
    expect(events()).toHaveLength(count);
  });

  test('asks what the issue is in that write: its state, its gates, a label with a colon', async () => {
    const { create, json, fails } = await tempTracker();
    const id = await create('x', '-l', 'a:b');
    const only = (filter: string) => ['issue', 'update', id, '--only-if', filter, '-p', 'high'];
    expect(await json(only('label:a:b AND state:unfinished'))).toMatchObject({ priority: 'high' });
    await json(['issue', 'reject', id]);
    expect(await fails(only('state:unfinished'))).toMatchObject({ code: 'CONDITION_NOT_MET' });
  });

  test('refuses a claim, a finish and a release as well, before anything is changed', async () => {
    const { create, json, fails, file } = await tempTracker();
    const id = await create('x');
    for (const state of ['in_progress', 'done', 'rejected', 'ready']) {
      const line = ['issue', 'update', id, '--only-if', 'label:x', '--state', state];
      expect(await fails(line), state).toMatchObject({ exit: 6, code: 'CONDITION_NOT_MET' });
    }
    expect(file(id)).toMatchObject({ state: 'open', attempt: 0 });
    expect((await json(['issue', 'show', id])).state).toBe('ready');
  });

  test('in a batch only its line fails; in an atomic one everything is taken back', async () => {
    const { create, batch, json, events } = await tempTracker();
    const id = await create('x', '-l', 'taken');
    const lines = [
      ['issue', 'comment', id, 'here'],
      ['issue', 'update', id, '--only-if', 'NOT label:taken', '--add-label', 'mine'],
    ];
    const { exit, answers } = await batch(lines, ['--atomic']);
    expect(exit).toBe(6);
    expect(answers.map((answer) => answer.error?.code)).toEqual([
      'ROLLED_BACK',
      'CONDITION_NOT_MET',
    ]);
    expect(events().filter(({ type }) => type === 'comment_added')).toEqual([]);
    const loose = await batch(lines);
    expect(loose.answers.map((answer) => answer.exit)).toEqual([0, 6]);
    expect((await json(['issue', 'show', id])).labels).toEqual(['taken']);
  });

  test.each([
    ['a mistake in the filter', ['--only-if', 'lable:x']],
    ['an empty filter', ['--only-if', '']],
    ['a filter beside it', ['--only-if', 'label:x', '--filter', 'label:y']],
  ])('%s is exit 2', async (_, flags) => {
    const { create, fails, events } = await tempTracker();
    const id = await create('x', '-l', 'x');
    const count = events().length;
    const ref = flags.includes('--filter') ? [] : [id];
    expect(await fails(['issue', 'update', ...ref, ...flags, '-p', 'low'])).toMatchObject({
      exit: 2,
      code: 'USAGE',
    });
    expect(events()).toHaveLength(count);
  });
});
