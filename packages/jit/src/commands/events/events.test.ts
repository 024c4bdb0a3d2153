import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';

const types = (events: readonly { type: string }[]) => events.map(({ type }) => type);

describe('events tail', () => {
  test('prints the newest events, oldest first, as one array with --json', async () => {
    const { create, json, run } = await tempTracker();
    const id = await create('A');
    await json(`issue claim ${id} bot`);
    expect(types(await json('events tail -n 2'))).toEqual(['claimed', 'state_changed']);
    expect(await json('events tail -n 0')).toEqual([]);
    expect(await json('events tail')).toHaveLength(4);
    const { stdout } = await run('events tail -n 1');
    expect(stdout).toMatch(
      new RegExp(`state_changed  ${id}  ana  attempt=1 from=open to=in_progress`),
    );
  });

  test('shows no token, neither of a claim nor of a reassignment', async () => {
    const { create, json, run } = await tempTracker();
    const id = await create('A');
    const { claim } = await json(`issue claim ${id} bot --ttl 60`);
    const { stdout } = await run('events tail --json');
    expect(stdout).not.toContain(claim.token);
    expect(stdout).not.toContain('token');
  });
});

describe('events query', () => {
  test('takes every filter, also together', async () => {
    const { create, json, run } = await tempTracker();
    const [a, b] = [await create('A'), await create('B')];
    await json(`issue claim ${a} bot --actor carl`);
    await json(`issue claim ${b} bot`);
    expect(types(await json('events query --type claimed'))).toEqual(['claimed', 'claimed']);
    expect(await json('events query --type claimed,issue_created')).toHaveLength(4);
    const ofCarl = await json('events query --type claimed --actor carl');
    expect(ofCarl.map(({ issue }: { issue: string }) => issue)).toEqual([a]);
    expect(await json(`events query --issue ${b.slice(0, 6)}`)).toHaveLength(4);
    expect(await json('events query --since 2099-01-01')).toEqual([]);
    for (const ago of ['1h', '90m', '3600s', '7d', '2w', '999999999w']) {
      expect(await json(`events query --since ${ago}`), ago).toHaveLength(8);
    }
    expect(await json('events query --since 2020-01-01T00:00:00+01:00')).toHaveLength(8);
    const { stderr } = await run('events query --limit 3');
    expect(stderr).toBe('warning: showing the newest 3 of 8\n');
  });

  test('knows issues that were deleted, by id and by prefix', async () => {
    const { create, json } = await tempTracker();
    const id = await create('A');
    await json(`issue delete ${id}`);
    for (const ref of [id, id.slice(0, 4)]) {
      expect(types(await json(`events query --issue ${ref}`)).at(-1)).toBe('issue_deleted');
    }
  });

  test('refuses what there is none of', async () => {
    const { fails } = await tempTracker();
    expect(await fails('events query --type claimd')).toMatchObject({
      exit: 2,
      details: { nearest: 'claimed' },
    });
    expect(await fails('events query --issue nosuch')).toMatchObject({
      exit: 3,
      code: 'NOT_FOUND',
    });
    const bad = ['yesterday', '2026-02-31', '2h30m', '-2h', '2y', '1.5h', '2026-11-20T10:00'];
    for (const since of bad) {
      expect(await fails(['events', 'query', `--since=${since}`]), since).toMatchObject({
        exit: 2,
      });
    }
    expect(await fails('events query --limit 0')).toMatchObject({ exit: 2 });
  });

  test('refuses a beginning that several deleted issues have', async () => {
    const { fails, dir } = await tempTracker();
    const line = (n: number) =>
      JSON.stringify({
        id: `01J000000000000000000000${n}0`,
        at: '2026-01-01T00:00:00.000Z',
        type: 'issue_deleted',
        issue: `gone-${n}`,
        actor: 'x',
      });
    appendFileSync(join(dir, '.jit', 'events', '2026-01.jsonl'), `${line(1)}\n${line(2)}\n`);
    const failure = await fails('events query --issue gone');
    expect(failure).toMatchObject({
      exit: 4,
      code: 'AMBIGUOUS_ID',
      details: { candidates: ['gone-1', 'gone-2'] },
    });
  });

  test('reads past lines that are no events and tells the same event once', async () => {
    const { create, json, dir } = await tempTracker();
    await create('A');
    const [month] = readdirSync(join(dir, '.jit', 'events'));
    const [first] = await json('events query');
    const path = join(dir, '.jit', 'events', month ?? '');
    appendFileSync(path, `<<<<<<< ours\n\n${JSON.stringify(first)}\n{"half":`);
    expect(await json('events query')).toHaveLength(2);
  });
});
