import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, test } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';
import { saysNothing, withoutSetting, withSetting } from '../../domain/config-text.ts';
import { SETTING_KEYS } from '../../domain/settings.ts';

/** A tracker, a home, and no actor in the environment. */
async function world() {
  const tracker = await tempTracker();
  const home = tempFolder();
  const env = { JIT_ACTOR: '', HOME: home };
  const project = join(tracker.dir, '.jit', 'config.toml');
  const user = join(home, '.config', 'jit', 'config.toml');
  mkdirSync(join(home, '.config', 'jit'), { recursive: true });
  return { ...tracker, env, project, user };
}

/** What each setting does, seen from outside: the reader that it must have. */
const READERS: Readonly<Record<(typeof SETTING_KEYS)[number], (value: string) => Promise<string>>> =
  {
    'user.name': async (value) => {
      const { json, events, env } = await world();
      await json(['config', 'set', 'user.name', value, '--project'], { env });
      await json('issue create A', { env });
      return String(events().at(0)?.actor);
    },
    'lock.timeout_secs': async (value) => {
      const { json, run, dir, env } = await world();
      await json(['config', 'set', 'lock.timeout_secs', value], { env });
      const { default: Sqlite } = await import('better-sqlite3');
      await json('issue create A', { env });
      const lock = new Sqlite(join(dir, '.jit', 'local', 'lock.db'));
      lock.exec('BEGIN IMMEDIATE');
      const { stdout } = await run('issue create B --json', { env });
      lock.close();
      return String(JSON.parse(stdout).error.details.waited_secs);
    },
    'claim.ttl_secs': async (value) => {
      const { json, create, env, file } = await world();
      await json(['config', 'set', 'claim.ttl_secs', value], { env });
      const id = await create('A');
      await json(`issue claim ${id} bot`, { env });
      return String(file(id).claim.ttl_secs);
    },
  };

test.each([
  ['user.name', 'zoe'],
  ['lock.timeout_secs', '0.05'],
  ['claim.ttl_secs', '77'],
] as const)('%s has a reader', async (key, value) => {
  expect(await READERS[key](value)).toBe(value);
});

test('the test of readers names every setting', () => {
  expect(Object.keys(READERS)).toEqual([...SETTING_KEYS]);
});

describe('precedence', () => {
  test('flag, environment, project, user, default: the first that has a value counts', async () => {
    const { json, env, project, user } = await world();
    writeFileSync(user, '[user]\nname = "of-user"\n[lock]\ntimeout_secs = 3\n');
    writeFileSync(project, 'schema = 1\n[user]\nname = "of-project"\n');
    const get = async (flags: string[], more: Record<string, string>) =>
      json(['config', 'get', 'user.name', ...flags], { env: { ...env, ...more } });
    const both = { JIT_ACTOR: 'of-env', JIT_AGENT_ID: 'agent' };
    expect(await get(['--actor', 'of-flag'], both)).toMatchObject({
      value: 'of-flag',
      source: 'flag',
      from: '--actor',
    });
    expect(await get([], both)).toMatchObject({ value: 'of-env', from: 'JIT_ACTOR' });
    expect(await get([], { JIT_AGENT_ID: 'agent' })).toMatchObject({ from: 'JIT_AGENT_ID' });
    expect(await get([], {})).toMatchObject({
      value: 'of-project',
      source: 'project',
      from: project,
    });
    await json('config unset user.name', { env });
    expect(await get([], {})).toMatchObject({ value: 'of-user', source: 'user', from: user });
    await json('config unset user.name --user', { env });
    expect(await get([], {})).toMatchObject({ source: 'default', from: null });
    expect(await json('config get lock.timeout_secs', { env })).toMatchObject({ value: 3 });
    const xdg = { ...env, XDG_CONFIG_HOME: join(tempFolder(), 'none') };
    expect(await json('config get lock.timeout_secs', { env: xdg })).toMatchObject({ value: 10 });
    const list = await json('config list', { env: { ...env, JIT_LOCK_TIMEOUT: '4' } });
    expect(list.map(({ key }: { key: string }) => key)).toEqual([...SETTING_KEYS]);
    expect(list[1]).toMatchObject({ value: 4, source: 'environment', from: 'JIT_LOCK_TIMEOUT' });
    expect(list[2]).toMatchObject({ value: null, default: 'no lease' });
  });

  test('--ttl and --no-lease come before claim.ttl_secs', async () => {
    const { json, fails, create, file, env } = await world();
    await json('config set claim.ttl_secs 60', { env });
    const [a, b, c] = [await create('A'), await create('B'), await create('C')];
    await json(`issue claim ${a} bot --no-lease`);
    await json(`issue claim-next bot --ttl 5`);
    await json(`issue update ${c} --state in_progress`);
    expect([a, b, c].map((id) => file(id).claim.ttl_secs)).toEqual([null, 5, 60]);
    expect(await fails(`issue claim ${a} bot --no-lease --ttl 5`)).toMatchObject({ exit: 2 });
  });
});

describe('bad input', () => {
  test('unknown keys are named with the nearest one and nothing stops', async () => {
    const { run, project, env } = await world();
    writeFileSync(project, 'schema = 1\n\n[user]\nnmae = "x"\n[other]\ndeep = 1\n');
    const { exit, stderr } = await run('issue create A', { env });
    expect(exit).toBe(0);
    expect(stderr).toContain(`config.toml:4: unknown key 'user.nmae' is passed over; did you mean`);
    expect(stderr).toContain("'user.name'?");
    expect(stderr).toContain("unknown key 'other.deep'");
  });

  test('a file that is no TOML stops what needs a value, with file and line, and nothing else', async () => {
    const { run, fails, json, create, user, env } = await world();
    await create('A');
    writeFileSync(user, '[user]\nname = \n');
    expect(await fails('issue create B', { env })).toMatchObject({
      exit: 4,
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(`${user}:2: no valid TOML`),
      details: { line: 2 },
    });
    expect((await run('where', { env })).exit).toBe(0);
    expect((await run('--help', { env })).exit).toBe(0);
    expect(await json('query ready', { env })).toHaveLength(1);
    expect(await fails('config set user.name x --user', { env })).toMatchObject({ exit: 4 });
    await json('issue create C --actor ana --lock-timeout 5', { env });
  });

  test('values are checked wherever they come from', async () => {
    const { fails, project, env } = await world();
    for (const value of ['0', '0.5', 'NaN', '1e99', 'x', '99999999'])
      expect(await fails(['config', 'set', 'claim.ttl_secs', value], { env })).toMatchObject({
        exit: 2,
      });
    expect(await fails('config set user.name null', { env })).toMatchObject({ exit: 2 });
    expect(await fails('config set user.nmae x', { env })).toMatchObject({
      exit: 2,
      hint: "did you mean 'user.name'?",
    });
    const late = { ...env, JIT_LOCK_TIMEOUT: 'soon' };
    expect(await fails('issue create A', { env: late })).toMatchObject({ exit: 2 });
    writeFileSync(project, 'schema = 1\n[lock]\ntimeout_secs = "long"\n');
    expect(await fails('issue create A', { env })).toMatchObject({
      exit: 4,
      message: expect.stringContaining('config.toml:3: lock.timeout_secs is no number of seconds'),
    });
    const homeless = { JIT_ACTOR: '' };
    expect(await fails('config set user.name x --user', { env: homeless })).toMatchObject({
      exit: 2,
    });
  });

  test('a batch refuses to change the configuration it runs under', async () => {
    const { batch } = await world();
    const { answers } = await batch([['config', 'set', 'user.name', 'x']]);
    expect(answers[0]).toMatchObject({ exit: 2 });
  });
});

describe('the file', () => {
  test('a value is set and taken out again, all else stays byte for byte', async () => {
    const { json, project, env } = await world();
    const before =
      '# ours\r\nschema = 1\r\n\r\n[user] # who\r\nname = "a # b"  # me\r\n[future]\r\nx = [1,\r\n 2]\r\n';
    writeFileSync(project, before);
    await json('config set user.name zoe --project', { env });
    const changed = before.replace('"a # b"', '"zoe"');
    expect(readFileSync(project, 'utf8')).toBe(changed);
    expect(await json('config set user.name zoe --project', { env })).toMatchObject({
      changed: false,
    });
    await json('config set claim.ttl_secs 60', { env });
    await json('config unset claim.ttl_secs', { env });
    expect(readFileSync(project, 'utf8')).toBe(`${changed}\r\n[claim]\r\n`);
    expect(await json('config unset claim.ttl_secs', { env })).toMatchObject({ changed: false });
  });

  test.each([
    ['', '[claim]\nttl_secs = 5\n'],
    ['[claim]\n', '[claim]\nttl_secs = 5\n'],
    ['[ "claim" ]\n"ttl_secs" = 4 # x', '[ "claim" ]\n"ttl_secs" = 5 # x\n'],
    ['claim.ttl_secs=4\n', 'claim.ttl_secs= 5\n'],
    ['[user]\nname = "x"\n', '[user]\nname = "x"\n\n[claim]\nttl_secs = 5\n'],
    ['[claim]\n# c\n\n[user]\nname = "x"', '[claim]\n# c\nttl_secs = 5\n\n[user]\nname = "x"\n'],
  ])('%j becomes %j', (before, after) => {
    expect(withSetting(before, 'claim.ttl_secs', '5')).toBe(after);
    expect(withoutSetting(after, 'claim.ttl_secs')).not.toContain('5');
  });

  test('who one is needs a word on whose file: else everybody would become that one', async () => {
    const { fails, json, env, project } = await world();
    const before = readFileSync(project, 'utf8');
    expect(await fails('config set user.name zoe', { env })).toMatchObject({ exit: 2 });
    expect(readFileSync(project, 'utf8')).toBe(before);
    await json('config set user.name zoe --user', { env });
    expect(await json('config get user.name', { env })).toMatchObject({ source: 'user' });
    const both = 'config set user.name zoe --user --project';
    expect(await fails(both, { env })).toMatchObject({ exit: 2 });
  });

  test('an inline table is refused, not spoilt', async () => {
    const { fails, project, env } = await world();
    writeFileSync(project, 'user = { name = "x" }\n');
    expect(await fails('config set user.name zoe --project', { env })).toMatchObject({
      exit: 4,
      code: 'CONFIG_LAYOUT',
    });
    expect(readFileSync(project, 'utf8')).toBe('user = { name = "x" }\n');
  });

  test('nothing is parsed where the file says nothing', async () => {
    const { project } = await world();
    expect(saysNothing(readFileSync(project, 'utf8'))).toBe(true);
    expect(saysNothing('[user]\nname = "x"\n')).toBe(false);
    expect(saysNothing('schema = 2\n')).toBe(false);
  });
});
