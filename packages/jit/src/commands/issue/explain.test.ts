import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Json, tempTracker } from '../../../test/support/temp-tracker.ts';

const typesOf = (explanation: Json) =>
  explanation.roots.map((root: Json) => [root.issue, root.reason.type]);

describe('issue explain', () => {
  test('follows a chain to its roots and names who has to do what', async () => {
    const { create, json, run, dir } = await tempTracker();
    await json('gate define review');
    const checker = { command: 'true', timeout_secs: 300, working_dir: null, env: {} };
    const gate = { schema: 1, key: 'tests', title: 'T', stage: 'done', mode: 'auto', checker };
    writeFileSync(join(dir, '.jit', 'gates', 'tests.json'), JSON.stringify(gate));
    const held = await create('Held');
    await json(`issue claim ${held} bot --ttl 600`);
    const checked = await create('Checked', '--gate', 'tests');
    await run(`issue update ${checked} --state done`);
    const reviewed = await create('Reviewed', '--gate', 'review');
    const later = await create('Later', '--defer-until', '2999-01-01');
    const middle = await create('Middle', '--dep', held, '--dep', checked);
    const top = await create('Top', '--dep', middle, '--dep', reviewed, '--dep', later);
    const told = await json(`issue explain ${top}`);
    expect(told).toMatchObject({ id: top, state: 'open', ready: false });
    expect(told.summary).toContain(`${top} is not ready: it waits for `);
    expect(new Set(told.chain.map(({ id }: Json) => id)).size).toBe(6);
    expect(Object.fromEntries(typesOf(told))).toEqual({
      [held]: 'claimed',
      [checked]: 'gate',
      [reviewed]: 'gate',
      [later]: 'deferred',
    });
    const next = Object.fromEntries(told.roots.map((root: Json) => [root.issue, root.next]));
    expect(next[checked]).toBe(`jit gate run ${checked} tests`);
    expect(next[reviewed]).toBe(`jit gate pass ${reviewed} review`);
    expect(next[later]).toContain('2999-01-01T00:00:00.000Z');
    expect(next[held]).toContain(`bot finishes it (jit issue update ${held} --state done)`);
    const { stdout } = await run(`issue explain ${top}`);
    expect(stdout).toContain(`by way of ${top} → ${middle} → ${held}`);
    expect(stdout).toMatch(/- bot holds \w+ since \S+, lease until \S+/);
  });

  test('of a ready issue says who may claim it', async () => {
    const { create, json } = await tempTracker();
    const id = await create('Free');
    expect(await json(`issue explain ${id}`)).toMatchObject({
      ready: true,
      summary: `${id} is ready: nobody has claimed it`,
      roots: [
        {
          reason: { type: 'unclaimed', reserved_for: null },
          next: `jit issue claim ${id} ASSIGNEE`,
        },
      ],
    });
    await json(['issue', 'assign', id, "an o'hara"]);
    expect(await json(`issue explain ${id}`)).toMatchObject({
      summary: `${id} is ready: it is reserved for an o'hara; only they may claim it`,
      roots: [{ next: `jit issue claim ${id} 'an o'\\''hara'` }],
    });
  });

  test('of a held, a gated and each kind of finished issue', async () => {
    const { create, json, run } = await tempTracker();
    const held = await create('Held');
    await json(`issue claim ${held} bot`);
    expect(await json(`issue explain ${held}`)).toMatchObject({
      state: 'in_progress',
      roots: [{ reason: { type: 'claimed', assignee: 'bot', attempt: 1, expires_at: null } }],
    });
    const gated = await create('Gated', '--gate', 'look', '--define');
    await json('gate define sign --stage done');
    await json(`gate pass ${gated} look`);
    await json(`gate add ${gated} sign`);
    await run(`issue update ${gated} --state done`);
    expect(await json(`issue explain ${gated}`)).toMatchObject({
      state: 'gated',
      summary: `${gated} is gated: exit gate sign of it is pending`,
      roots: [{ next: `jit gate pass ${gated} sign` }],
    });
    for (const state of ['done', 'rejected', 'archived']) {
      const id = await create(state);
      if (state === 'rejected') await json(['issue', 'reject', id, '--reason', 'twice']);
      else await json(`issue update ${id} --state done`);
      if (state === 'archived') await json(`issue archive ${id}`);
      const told = await json(`issue explain ${id}`);
      expect(told).toMatchObject({
        state,
        ready: false,
        chain: [{ reasons: [{ type: 'finished', by: 'ana' }] }],
      });
      expect(told.summary).toMatch(new RegExp(`^${id} is ${state}: it was finished at .* by ana`));
      expect(told.roots).toHaveLength(state === 'archived' ? 0 : 1);
    }
  });

  test('of circles, missing and unreadable dependencies', async () => {
    const { create, json, run, dir, file } = await tempTracker();
    const [a, b, gone, torn] = [
      await create('A'),
      await create('B'),
      await create('Gone'),
      await create('Torn'),
    ];
    await json(['dep', 'add', a, b, gone, torn]);
    const path = (id: string) => join(dir, '.jit', 'issues', `${id}.json`);
    writeFileSync(path(b), JSON.stringify({ ...file(b), dependencies: [a] }));
    rmSync(path(gone));
    writeFileSync(path(torn), '{');
    const told = await json(`issue explain ${a}`);
    expect(told.roots.map((root: Json) => root.reason.type).sort()).toEqual([
      'cycle',
      'missing',
      'unreadable',
    ]);
    const next = told.roots.map((root: Json) => root.next).join('\n');
    expect(next).toContain(`jit dep rm ${a} ${gone}`);
    expect(next).toContain(`mend .jit/issues/${torn}.json`);
    expect((await run(`issue explain ${a}`)).exit).toBe(0);
    expect((await run(`issue explain ${torn}`)).exit).toBe(4);
    expect((await run('issue explain nosuch')).exit).toBe(3);
  });

  test('of a released issue is that of a ready one', async () => {
    const { create, json } = await tempTracker();
    const id = await create('Late');
    await json(`issue claim ${id} bot`);
    await json(`issue release ${id}`);
    expect(await json(`issue explain ${id}`)).toMatchObject({ state: 'ready', ready: true });
  });

  test('stays small in text and names each issue once, over 2,000 issues of diamonds', async () => {
    const { json, run, dir } = await tempTracker();
    const name = (at: number) => `node-${String(at).padStart(4, '0')}`;
    for (let at = 0; at < 2000; at += 1) {
      const dependencies = [at + 1, at + 2].filter((next) => next < 2000).map(name);
      const issue = {
        schema: 1,
        id: name(at),
        title: `\u001b[31m${at}`,
        state: 'open',
        priority: 'low',
      };
      const text = JSON.stringify({ ...issue, created_at: '2026-01-01T00:00:00Z', dependencies });
      writeFileSync(join(dir, '.jit', 'issues', `${name(at)}.json`), text);
    }
    const told = await json('issue explain node-0000');
    expect([told.chain.length, typesOf(told)]).toEqual([2000, [['node-1999', 'unclaimed']]]);
    const { stdout } = await run('issue explain node-0000');
    expect(stdout.split('\n').length).toBeLessThan(40);
    expect(stdout).not.toContain('\u001b');
    console.log(`explain: 2,000 issues, 3,997 edges, ${told.chain.length} links, 1 root`);
  });
});

test('what a file holds is one word of the command that is advised', async () => {
  const { create, json, file, dir, run } = await tempTracker();
  const [edge, gate] = ["x'; touch pwned; '", '`touch pwned`'];
  const id = await create('x');
  const hostile = { ...file(id), dependencies: [edge], gates: { [gate]: { status: 'pending' } } };
  writeFileSync(join(dir, '.jit', 'issues', `${id}.json`), JSON.stringify(hostile));
  const { roots } = await json(['issue', 'explain', id]);
  const { findings } = JSON.parse((await run('validate --json')).stdout);
  const advice = [...roots.map(({ next }: Json) => next), ...findings.map(({ fix }: Json) => fix)];
  const commands = advice.flatMap((text) => text.match(/jit (?:dep|gate) [^()]*/g) ?? []);
  expect(commands).toHaveLength(5);
  for (const command of commands) {
    // What a shell makes of it, with jit as a program that prints its words.
    const script = `jit() { printf '%s\\n' "$@"; }; ${command}`;
    const words = execFileSync('sh', ['-c', script], { cwd: dir, encoding: 'utf8' });
    expect(words.split('\n').some((word) => word === edge || word === gate)).toBe(true);
  }
  expect(readdirSync(dir)).not.toContain('pwned');
});
