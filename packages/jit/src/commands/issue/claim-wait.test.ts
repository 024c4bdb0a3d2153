import { runInProcess } from '@jit/testkit/run-in-process';
import { describe, expect, test } from 'vitest';
import { PROGRAM, tempTracker } from '../../../test/support/temp-tracker.ts';
import type { GroupingStore } from '../../store/store.ts';

/** Runs a waiting call on a store whose looks are counted and whose pauses end when the test says so. */
async function waiting(argv: readonly string[]) {
  const tracker = await tempTracker();
  const seen = { reads: 0, writes: 0, pauses: [] as number[], open: 0 };
  let wake = () => {};
  const counted = (store: GroupingStore): GroupingStore => ({
    read(body) {
      seen.reads += 1;
      return store.read(body);
    },
    write(body) {
      seen.writes += 1;
      return store.write(body);
    },
    watch() {
      seen.open += 1;
      return {
        changed: (ms) =>
          new Promise((resolve) => {
            wake = resolve;
            seen.pauses.push(ms);
          }),
        close() {
          seen.open -= 1;
        },
      };
    },
    rehearse: (body) => store.rehearse(body),
    inspect: () => store.inspect(),
    feed: () => store.feed(),
    close: () => store.close(),
    openGroup: () => store.openGroup(),
  });
  const createContext: typeof PROGRAM.createContext = (globals, io, tools) => {
    const context = PROGRAM.createContext(globals, io, tools);
    return context.on(counted(context.store));
  };
  const env = { JIT_DIR: tracker.dir, JIT_ACTOR: 'ana' };
  const start = () => runInProcess({ ...PROGRAM, createContext }, [...argv, '--json'], { env });
  const paused = (times: number) => expect.poll(() => seen.pauses.length).toBe(times);
  return { ...tracker, seen, start, paused, wake: () => wake() };
}

describe('issue claim-next --wait', () => {
  test('looks when it is woken and never in between', async () => {
    const { create, start, seen, paused, wake } = await waiting(
      'issue claim-next one --wait 600'.split(' '),
    );
    const ended = start();
    for (let times = 1; times <= 5; times += 1) {
      await paused(times);
      expect(seen).toMatchObject({ reads: times, writes: 0, open: 1 });
      wake();
    }
    await paused(6);
    const id = await create('at last');
    wake();
    const { exit, stdout } = await ended;
    expect([exit, JSON.parse(stdout).id]).toEqual([0, id]);
    console.log(
      `woken 6 times: ${seen.reads} looks, ${seen.writes} ${seen.writes === 1 ? 'try' : 'tries'} to claim`,
    );
    expect(seen).toMatchObject({ reads: 7, writes: 1, open: 0 });
  });

  test('takes what is there at once', async () => {
    const { create, start, seen } = await waiting('issue claim-next one --wait 600'.split(' '));
    await create('x');
    expect((await start()).exit).toBe(0);
    expect(seen).toEqual({ reads: 1, writes: 1, pauses: [], open: 0 });
  });

  test('pauses until the next lease ends', async () => {
    const { create, json, start, seen, paused, wake } = await waiting(
      'issue claim-next one --wait 600'.split(' '),
    );
    const { claim } = await json(`issue claim ${await create('x')} two --ttl 2`);
    const ended = start();
    await paused(1);
    expect(seen.pauses[0]).toBeLessThanOrEqual(2000);
    await json(`issue release ${(await json('issue list'))[0].id} --claim ${claim.token}`);
    wake();
    expect((await ended).exit).toBe(0);
  });

  test('of zero seconds does not wait', async () => {
    const { fails } = await tempTracker();
    expect(await fails('issue claim-next one --wait 0')).toMatchObject({
      exit: 3,
      code: 'NOTHING_READY',
    });
  });

  test('exits 3 when the time is over', async () => {
    const { fails } = await tempTracker();
    expect(await fails('issue claim-next one --wait 1')).toMatchObject({
      exit: 3,
      code: 'NOTHING_READY',
    });
  });

  test('exits 6 at once when something is ready and the assignee is full', async () => {
    const { create, json, fails } = await tempTracker();
    await create('a');
    await create('b');
    await json('issue claim-next one');
    expect(await fails('issue claim-next one --max-held 1 --wait 600')).toMatchObject({ exit: 6 });
  });

  test.each([
    ['a negative time', ['--wait=-1']],
    ['a part of a second', ['--wait', '0.5']],
    ['no number', ['--wait', 'long']],
    ['NaN', ['--wait', 'NaN']],
    ['nothing', ['--wait', '']],
    ['more than a day', ['--wait', '86401']],
    ['what no number can hold', ['--wait', '1e400']],
    ['two times', ['--wait', '1', '--wait', '2']],
  ])('refuses %s', async (_, flags) => {
    const { create, fails, file } = await tempTracker();
    const id = await create('x');
    expect(await fails(['issue', 'claim-next', 'one', ...flags])).toMatchObject({ exit: 2 });
    expect(file(id)).toMatchObject({ state: 'open' });
  });
});

describe('issue claim-next --wait as a line of a batch', () => {
  test('sees what the lines before it did, and gives the lock back when its time is over', async () => {
    const { batch, create } = await tempTracker();
    const { exit, answers } = await batch([
      ['issue', 'create', 'a'],
      ['issue', 'claim-next', 'one', '--wait', '600'],
      ['issue', 'create', 'b', '--defer-until', '2099-01-01T00:00:00Z'],
      ['issue', 'claim-next', 'one', '--wait', '1'],
      ['issue', 'claim-next', 'one', '--wait', '0'],
    ]);
    expect(answers.map((answer) => answer.exit)).toEqual([0, 0, 0, 3, 3]);
    expect(exit).toBe(3);
    await create('c', '--lock-timeout', '0');
  });

  test('is refused by batch --atomic, also where something is ready', async () => {
    const { batch, json } = await tempTracker();
    const { exit, answers } = await batch(
      [
        ['issue', 'create', 'a'],
        ['issue', 'claim-next', 'one', '--wait', '5'],
      ],
      ['--atomic'],
    );
    expect(exit).toBe(2);
    expect(answers.map((answer) => answer.error.code)).toEqual(['ROLLED_BACK', 'USAGE']);
    expect(answers[1].error.message).toContain('--atomic');
    expect(await json('issue list')).toEqual([]);
  });

  test('that does not wait is allowed in batch --atomic', async () => {
    const { batch } = await tempTracker();
    const { exit } = await batch(
      [
        ['issue', 'create', 'a'],
        ['issue', 'claim-next', 'one', '--wait', '0'],
      ],
      ['--atomic'],
    );
    expect(exit).toBe(0);
  });
});
