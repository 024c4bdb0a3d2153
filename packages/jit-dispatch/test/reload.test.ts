import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openLedger } from '../src/ledger/ledger.ts';
import { createRepository, type Daemon, type Repository } from './repository.ts';
import { until } from './until.ts';

interface Line {
  readonly event: string;
  readonly level: string;
  readonly reason?: string;
  readonly message: string;
}

const lines = (daemon: Daemon): Line[] =>
  daemon
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

const said = (daemon: Daemon): Line[] => lines(daemon).filter(({ event }) => event === 'config');

const isUp = (daemon: Daemon) => until('it is up', () => daemon.log().includes('dispatches to'));

const HEAD = 'name = "test"\npoll_interval_secs = 3600\n';
const fileOf = ({ root }: Repository) => join(root, 'dispatch.toml');

/** Numbers that look random and are the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('fifty edits under load', () => {
  const RECORD = `#!/bin/sh
: > "log/$JIT_ISSUE_ID-$MARK-$JIT_RUN_ID"
`;
  const good = (mark: number, capacity: number) => `${HEAD}max_concurrent = ${capacity + 1}
[[agents]]
id = "a"
completion = "exit"
capacity = ${capacity}
command = "./record"
[agents.env]
MARK = "${mark}"
`;

  /** Broken in its own way, with a refusal that is its own. */
  const BROKEN: readonly ((at: number) => string)[] = [
    (at) => `${HEAD}\n${'#\n'.repeat(at)}[[agents]\nid = "a"\n`,
    (at) => good(900 + at, 1).replace('capacity = 1', `capacity = ${-1 - at}`),
    (at) => good(900 + at, 1).replace('completion = "exit"', `completion = "edit-${at}"`),
    // The first half of a good file.
    (at) => `${'#\n'.repeat(at)}${good(900 + at, 1).slice(0, HEAD.length + 30)}`,
    (at) => `${'#\n'.repeat(at)}${good(900 + at, 1)}[[agents]]\nid = "A"\ncommand = "x"\n`,
    (at) => `${'#\n'.repeat(at)}${good(900 + at, 1)}[risk]\nthreshold = ${10 + at}\n`,
  ];

  test('lose no run; the last good configuration is in effect; each refusal is said once', async () => {
    const random = seeded(20261121);
    const repository = await createRepository();
    const file = fileOf(repository);
    mkdirSync(join(repository.root, 'log'));
    repository.script('record', RECORD);
    writeFileSync(file, good(0, 2));
    const daemon = repository.start('--log-format', 'json');
    await isUp(daemon);
    let inEffect = 0;
    let isRefused = false;
    const done = { good: 0, broken: 0, deleted: 0, same: 0, halfWritten: 0, unknownKeys: 0 };
    const issues: string[] = [];
    /** The mark with which an issue has to be started: no edit is made until it was. */
    const marks = new Map<string, number>();
    const load = async (mark: number) => {
      const id = await repository.create(`Issue ${issues.length}`);
      issues.push(id);
      marks.set(id, mark);
      const starts = () => readdirSync(join(repository.root, 'log'));
      await until('it was started', () => starts().some((name) => name.startsWith(id)));
    };
    const refusals = () => said(daemon).filter(({ level }) => level === 'error').length;
    for (let edit = 1; edit <= 50; edit += 1) {
      const before = said(daemon).length;
      const dice = random();
      // Work that is started while the file is edited.
      const meanwhile = edit % 5 === 0 ? repository.create(`Meanwhile ${edit}`) : null;
      if (dice < 0.45) {
        done.good += 1;
        const text = good(edit, 1 + Math.floor(random() * 4));
        if (random() < 0.3) {
          // As an editor does that empties the file and writes it in parts.
          done.halfWritten += 1;
          writeFileSync(file, '');
          writeFileSync(file, text.slice(0, text.length / 2));
        }
        if (random() < 0.3) {
          done.unknownKeys += 1;
          writeFileSync(file, `edit_${edit} = 1\n${text}`);
        } else {
          writeFileSync(`${file}.new`, text);
          renameSync(`${file}.new`, file);
        }
        inEffect = edit;
        isRefused = false;
        await until(`edit ${edit} is in effect`, () =>
          said(daemon)
            .slice(before)
            .some(({ reason }) => reason === 'changed' || reason === 'recovered'),
        );
      } else if (dice < 0.85) {
        done.broken += 1;
        const broken = BROKEN[Math.floor(random() * BROKEN.length)];
        writeFileSync(file, broken?.(edit) ?? '');
        isRefused = true;
        await until(`edit ${edit} is refused`, () => refusals() === done.broken + done.deleted);
      } else if (dice < 0.93 && !isRefused) {
        done.deleted += 1;
        rmSync(file);
        isRefused = true;
        await until(
          `that it is gone is said (${edit})`,
          () => refusals() === done.broken + done.deleted,
        );
      } else {
        // The same content again: nothing to say, as the count at the end shows.
        done.same += 1;
        if (existsSync(file)) writeFileSync(file, readFileSync(file));
      }
      if (meanwhile !== null) issues.push(await meanwhile);
      if (edit % 5 === 1) await load(inEffect);
      expect(refusals()).toBe(done.broken + done.deleted);
    }
    await until(
      'all is done',
      async () => (await repository.issues()).every(({ state }) => state === 'done'),
      60_000,
    );
    expect(await daemon.stop()).toMatchObject({ exit: 0 });

    writeFileSync(file, good(99, 1));
    const started = readdirSync(join(repository.root, 'log'));
    const runs = await repository.runs('--all');
    expect(runs.map(({ state, attempt }) => [state, attempt])).toEqual(
      issues.map(() => ['completed', 1]),
    );
    expect(started).toHaveLength(issues.length);
    for (const name of started) expect(name).not.toMatch(/-9\d\d-/);
    for (const [id, mark] of marks)
      expect(started.filter((name) => name.startsWith(`${id}-${mark}-`))).toHaveLength(1);
    const errors = said(daemon).filter(({ level }) => level === 'error');
    expect(new Set(errors.map(({ message }) => message)).size).toBe(
      done.broken + Math.min(1, done.deleted),
    );
    console.log(
      `50 edits under load (${JSON.stringify(done)}): ${runs.length} runs, none lost, ${marks.size} of ${marks.size} with the last good configuration, ${refusals()} refusals said once each`,
    );
  }, 300_000);
});

const WAIT = '#!/bin/sh\nwhile [ ! -e go ]; do sleep 0.1; done\nexit $EXIT\n';

test('an agent that is taken out works on, and is settled by the rules it was started with', async () => {
  const repository = await createRepository();
  const file = fileOf(repository);
  repository.script('wait', WAIT);
  const id = await repository.create('Work');
  const limited = `[[agents]]\nid = "old"\ncommand = "./wait"\naccount = "provider"\nrate_limit_exit = [33]\nenv = { EXIT = "33" }\n`;
  writeFileSync(file, HEAD + limited);
  const daemon = repository.start('--log-format', 'json');
  await until('it runs', () => daemon.log().includes('"event":"running"'));
  writeFileSync(file, `${HEAD}[[agents]]\nid = "new"\ntags = ["other"]\ncommand = "true"\n`);
  await until('the change is said', () => said(daemon).length > 0);
  expect(said(daemon)).toMatchObject([
    { level: 'info', reason: 'changed', message: 'agents[old] removed, agents[new] added' },
  ]);
  writeFileSync(join(repository.root, 'go'), '');
  await until('it is settled', () => daemon.log().includes('account provider rests until'));
  await until('settled', async () =>
    (await repository.runs('--all')).some(({ failed }) => failed === 'rate_limit'),
  );
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
  const [first] = (await repository.runs('--all')).filter(({ agent }) => agent === 'old');
  expect(first).toMatchObject({ issue: id, state: 'failed', failed: 'rate_limit', exit_code: 33 });
});

test('a capacity below what runs stops nothing and starts nothing', async () => {
  const repository = await createRepository();
  const file = fileOf(repository);
  repository.script('wait', WAIT);
  const text = (capacity: number, rest = '') =>
    `${HEAD}[[agents]]\nid = "a"\ncompletion = "exit"\ncapacity = ${capacity}\ncommand = "./wait"\n${rest}`;
  writeFileSync(file, text(2));
  for (const title of ['1', '2', '3']) await repository.create(title);
  const daemon = repository.start('--log-format', 'json');
  const running = () => lines(daemon).filter(({ event }) => event === 'running').length;
  await until('two run', () => running() === 2);
  writeFileSync(file, text(1));
  await until('the change is said', () => said(daemon).length === 1);
  const late = await repository.create('4');
  await until('a later cycle has looked', () =>
    lines(daemon).some((line) => 'issue' in line && line.issue === late && line.event === 'wait'),
  );
  expect((await repository.runs()).map(({ state }) => state)).toEqual(['running', 'running']);
  writeFileSync(file, text(4));
  await until('room for all', () => running() === 4);
  writeFileSync(join(repository.root, 'go'), '');
  await until('all done', async () =>
    (await repository.issues()).every(({ state }) => state === 'done'),
  );
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
});

test('what needs a restart keeps its value and is named once; secrets are never told; a refusal is kept for status', async () => {
  const repository = await createRepository();
  const file = fileOf(repository);
  const agent = (key: string) =>
    `[[agents]]\nid = "a"\ncompletion = "exit"\ncommand = "true"\nenv = { KEY = "${key}" }\n`;
  writeFileSync(file, HEAD + agent('hunter1'));
  const daemon = repository.start('--log-format', 'json');
  await isUp(daemon);
  const next = async (text: string) => {
    const before = said(daemon).length;
    writeFileSync(file, text);
    await until('it is said', () => said(daemon).length > before);
    return said(daemon).slice(before);
  };
  const renamed = `${HEAD.replace('test', 'other')}[tracker]\ncommand = "false"\n`;
  expect(await next(renamed + agent('hunter1'))).toMatchObject([
    {
      level: 'warn',
      reason: 'needs_restart',
      message: expect.stringMatching(/: name, tracker\.command$/),
    },
  ]);
  expect(await next(renamed + agent('hunter2'))).toMatchObject([
    { level: 'info', reason: 'changed', message: 'agents[a].env changed' },
  ]);
  expect(await next(`pol_interval_secs = 1\n${HEAD}${agent('hunter2')}`)).toMatchObject([
    {
      level: 'warn',
      reason: 'unknown_key',
      message: expect.stringContaining("'poll_interval_secs'"),
    },
  ]);
  const kept = () => {
    const ledger = openLedger(join(repository.root, '.jit-dispatch/test/ledger.db'));
    const text = ledger.getMeta('config_error');
    ledger.close();
    return text;
  };
  await next(`${HEAD}max_concurrent = "many"\n${agent('hunter2')}`);
  expect(said(daemon).at(-1)).toMatchObject({ level: 'error', reason: 'CONFIG_INVALID' });
  await until('it is kept', () => kept()?.includes('max_concurrent: must be a number'));
  const id = await repository.create('Work goes on');
  await until('done', async () => (await repository.issue(id)).state === 'done');
  expect(await next(`${HEAD}max_concurrent = 3\n${agent('hunter2')}`)).toMatchObject([
    { level: 'info', reason: 'recovered', message: 'it is good again: max_concurrent: 10 → 3' },
  ]);
  await until('it is forgotten', () => kept() === null);
  expect(daemon.log()).not.toContain('hunter');
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
});

test('a broken file locks nobody out of a dispatcher that runs: it is looked at, paused and stopped', async () => {
  const repository = await createRepository();
  repository.configure('[[agents]]\nid = "a"\ncommand = ["sleep", "600"]\n');
  const daemon = repository.start();
  await isUp(daemon);
  const good = readFileSync(fileOf(repository), 'utf8');
  const breakages = ['[broken\n', `${good}capacity = "lots"\n`, null];
  for (const text of breakages) {
    if (text === null) rmSync(fileOf(repository));
    else writeFileSync(fileOf(repository), text);
    const status = await repository.dispatch('status', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({ daemon: { pid: daemon.process.pid } });
    expect(status.stderr).toContain('what the running dispatcher works with');
    for (const argv of [['runs'], ['pause'], ['resume'], ['stats']])
      expect((await repository.dispatch(...argv, '--json')).exit).toBe(0);
    expect((await repository.dispatch('check-config')).exit).not.toBe(0);
  }
  expect((await repository.dispatch('stop')).exit).toBe(0);
  await daemon.ended;
  const orphan = await repository.dispatch('status', '--json');
  expect([orphan.exit, JSON.parse(orphan.stdout).error.code]).toEqual([3, 'CONFIG_NOT_FOUND']);
});

test('while the configuration is broken a running dispatcher is looked at and given orders all the same', async () => {
  const repository = await createRepository();
  const good = 'poll_interval_secs = 3600\n[[agents]]\nid = "a"\ncommand = ["sleep", "600"]\n';
  repository.configure(good);
  const id = await repository.create('One');
  const daemon = repository.start();
  await until('its agent runs', async () =>
    (await repository.runs()).some(({ state }) => state === 'running'),
  );
  repository.configure('poll_interval_secs = "never"\n');
  await until('it is refused', () => daemon.log().includes('stays in effect'));
  const status = await repository.dispatch('status', '--json');
  expect(status, status.stderr).toMatchObject({ exit: 0 });
  expect(status.stderr).toContain('dispatch.toml:2');
  expect(JSON.parse(status.stdout)).toMatchObject({
    daemon: { phase: 'running' },
    config_error: { message: expect.stringContaining('poll_interval_secs') },
    runs: [{ issue: id }],
  });
  expect(await repository.dispatch('cancel', id)).toMatchObject({ exit: 0 });
  // What begins with a configuration refuses a broken one.
  expect(await repository.dispatch('check-config')).toMatchObject({ exit: 4 });
  expect(await repository.dispatch('start')).toMatchObject({ exit: 4 });
  expect(await repository.dispatch('start', '--name', 'other')).toMatchObject({ exit: 4 });
  expect(await repository.dispatch('stop')).toMatchObject({ exit: 0 });
  expect(await daemon.ended).toMatchObject({ exit: 0 });
  expect(await repository.dispatch('status')).toMatchObject({ exit: 4 });
});
