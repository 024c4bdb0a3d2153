import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IssueItemOutput } from '@jit/contract/outputs/issue';
import { expect, test } from 'vitest';
import { damage } from './damage.ts';
import { countRuns, createSeveral } from './several.ts';
import { until } from './until.ts';

const NAMES = ['api', 'web', 'hub'] as const;
const THREE = `
[[repositories]]
name = "api"
dir = "api"
weight = 3
[[repositories]]
name = "web"
dir = "web"
[[repositories]]
name = "hub"
command = ["./ssh", "hub", "jit"]
`;
const AGENT = (capacity: number, command = '["true"]') =>
  `${THREE}\n[[agents]]\nid = "a"\ncapacity = ${capacity}\ncommand = ${command}\ncompletion = "exit"\n`;

test('three repositories, one of them over ssh: shares by weight, the urgent first, each issue once', async () => {
  const { home, jit, create } = await createSeveral(NAMES);
  home.configure(`max_concurrent = 50\n${AGENT(10)}`);
  for (const name of NAMES) for (let n = 1; n <= 8; n += 1) await create(name, `${name} ${n}`);
  const urgent = await create('hub', 'urgent', '--priority', 'critical');

  const plan = await home.once('--dry-run');
  expect(plan).toMatchObject({ ready: 25, errors: [] });
  expect(plan.decisions[0]).toMatchObject({ repository: 'hub', issue: urgent, action: 'start' });
  expect(existsSync(join(home.root, '.jit-dispatch'))).toBe(false);

  const cycle = await home.once();
  const shares = countRuns(cycle.started);
  expect(cycle.started).toHaveLength(10);
  expect(shares).toMatchObject({ api: 6 });
  expect(cycle.started.some(({ issue }) => issue === urgent)).toBe(true);
  // The rest, until nothing is left.
  await until('every issue is done', async () => {
    await home.once();
    const all = await Promise.all(
      NAMES.map((name) => jit<IssueItemOutput[]>(name, ['query', 'all'])),
    );
    return all.flat().every(({ state }) => state === 'done');
  });
  const runs = await home.runs('--all');
  const keys = new Set(runs.map(({ repository, issue }) => `${repository}/${issue}`));
  expect(runs).toHaveLength(25);
  expect(keys.size).toBe(25);
  expect(new Set(runs.map(({ state }) => state))).toEqual(new Set(['completed']));
  expect(await home.runs('--all', '--repository', 'web')).toHaveLength(8);
  console.log(
    `three repositories: weights api 3, web 1, hub 1; first ten starts ${JSON.stringify(shares)}; 25 issues, ${runs.length} runs, ${keys.size} different`,
  );
});

/** Sets back when an issue was created, as time itself would have done. */
function age(folder: string, issue: string, hours: number): void {
  const file = join(folder, '.jit', 'issues', `${issue}.json`);
  const document = JSON.parse(readFileSync(file, 'utf8'));
  const createdAt = new Date(Date.parse(document.created_at) - hours * 3_600_000).toISOString();
  writeFileSync(file, `${JSON.stringify({ ...document, created_at: createdAt }, null, 2)}\n`);
}

test('age counts over all repositories: what waited long goes first, and nothing passes what is critical', async () => {
  const { home, create } = await createSeveral(NAMES);
  home.configure(AGENT(1));
  const wanted = [
    { repository: 'hub', priority: 'critical', hours: 1, counts: 'critical' },
    // Of those that count as high: hub has the only run there is room for, so the others come before it; in each
    // repository the oldest first.
    { repository: 'api', priority: 'high', hours: 2, counts: 'high' },
    { repository: 'web', priority: 'low', hours: 60, counts: 'high' },
    { repository: 'web', priority: 'high', hours: 1, counts: 'high' },
    { repository: 'hub', priority: 'normal', hours: 30, counts: 'high' },
    { repository: 'web', priority: 'normal', hours: 20, counts: 'normal' },
    { repository: 'api', priority: 'low', hours: 20, counts: 'low' },
  ];
  for (const { repository, priority, hours } of wanted.toReversed()) {
    const id = await create(repository, `${priority} of ${hours} hours`, '--priority', priority);
    age(join(home.root, repository), id, hours);
  }
  const { decisions } = await home.once('--dry-run');
  console.log(
    `order by age: ${decisions.map(({ repository, title, effective_priority: now }) => `${repository}: ${title} (${now})`).join(', ')}`,
  );
  expect(
    decisions.map(({ repository, priority, effective_priority: counts }) => ({
      repository,
      priority,
      counts,
    })),
  ).toEqual(wanted.map(({ repository, priority, counts }) => ({ repository, priority, counts })));
});

test('an agent has its capacity over all repositories, and holds no more in all of them together', async () => {
  const { home, jit, create } = await createSeveral(NAMES);
  home.configure(AGENT(2, '["sleep", "600"]'));
  for (const name of NAMES) await create(name, name);
  // Another dispatcher has given one to the same agent already.
  const held = await create('web', 'held');
  await jit('web', ['issue', 'claim', held, 'a', '--ttl', '600']);
  const cycle = await home.once();
  expect(cycle.started).toHaveLength(1);
  expect(cycle.decisions.filter(({ reason }) => reason === 'agents_full')).toHaveLength(2);
  expect((await home.once()).started).toEqual([]);
  const claims = await Promise.all(
    NAMES.map((name) => jit<IssueItemOutput[]>(name, ['query', 'assignee', 'a']).catch(() => [])),
  );
  expect(claims.flat().filter(({ claim }) => claim !== null)).toHaveLength(2);
});

test('a repository that vanished is an error of its own: the others are dispatched, and it is said when it is back', async () => {
  const { home, create } = await createSeveral(NAMES);
  home.configure(`poll_interval_secs = 1\n${AGENT(5)}`);
  const jitDir = join(home.root, 'web', '.jit');
  renameSync(jitDir, `${jitDir}-away`);
  await create('api', 'first');
  const done = await home.dispatch('once', '--json');
  expect(done.exit).toBe(10);
  expect(JSON.parse(done.stdout)).toMatchObject({
    ready: 1,
    started: [{ repository: 'api' }],
    errors: [{ repository: 'web', code: 'TRACKER_FAILED' }],
  });

  const daemon = home.start();
  await until('it is said', () => daemon.log().includes('error     error repository=web'));
  await create('api', 'second');
  await create('hub', 'third');
  await until('the others go on', async () => {
    const runs = await home.runs('--all');
    return runs.filter(({ state }) => state === 'completed').length === 3;
  });
  renameSync(`${jitDir}-away`, jitDir);
  await create('web', 'fourth');
  await until('it is worked on again', async () => {
    const runs = await home.runs('--all', '--repository', 'web');
    return runs.some(({ state }) => state === 'completed');
  });
  await daemon.stop();
  expect(daemon.log().match(/ error repository=web/g)).toHaveLength(1);
  expect(daemon.log()).toContain('back      repository=web');
});

test('a repository that does not answer keeps the others waiting for a few seconds only', async () => {
  const { home, create } = await createSeveral(NAMES);
  home.configure(AGENT(5));
  home.script('ssh', '#!/bin/sh\nexec sleep 600\n');
  const daemon = home.start();
  await create('api', 'first');
  await until('the others are dispatched', async () => {
    const runs = await home.runs('--all');
    return runs.some(({ repository, state }) => repository === 'api' && state === 'completed');
  });
  await until('it is said', () => daemon.log().includes('repository=hub reason=TRACKER_TIMEOUT'));
  process.kill(daemon.process.pid ?? 0, 'SIGKILL');
});

test('a damaged ledger of one repository is made anew, and the others never stop', async () => {
  const { home, create } = await createSeveral(['api', 'web', 'hub']);
  home.configure(`poll_interval_secs = 1\n${AGENT(5)}`);
  await create('web', 'before');
  const daemon = home.start();
  await until('it has run', async () =>
    (await home.runs('--all')).some(({ state }) => state === 'completed'),
  );
  const ledger = join(home.root, '.jit-dispatch/test/repositories/web/ledger.db');
  const touch = damage(ledger);
  await until('it is made anew', () => {
    const isSaid = /repository=web .*runs were taken in/.test(daemon.log());
    if (!isSaid) touch();
    return isSaid;
  });
  const id = await create('web', 'after');
  await create('api', 'after');
  await until('both go on', async () => {
    const runs = await home.runs('--all');
    const done = runs.filter(({ state, title }) => state === 'completed' && title === 'after');
    return done.length === 2 && done.some(({ issue }) => issue === id);
  });
  expect((await daemon.stop()).exit).toBe(0);
  expect(daemon.log()).not.toContain('repository=api reason=LEDGER');
});

test('an issue is dispatched by its repository and id, or by its id where only one has it', async () => {
  const { home, create } = await createSeveral(NAMES);
  home.configure(AGENT(5));
  const id = await create('hub', 'by hand');
  await create('api', 'not asked for');
  const bad = await home.dispatch('dispatch', `api/${id}`, '--json');
  expect(bad.exit).toBe(3);
  const done = await home.dispatch('dispatch', id, '--json');
  expect(JSON.parse(done.stdout)).toMatchObject({
    issues: [`hub/${id}`],
    cycle: { started: [{ repository: 'hub', issue: id }] },
  });
  expect(done.exit).toBe(0);
  const unknown = await home.dispatch('runs', '--repository', 'wbe', '--json');
  expect(unknown.exit).toBe(2);
  expect(unknown.stdout).toContain("did you mean 'web'");
});

test('a cycle asks each tracker as often as if it were the only one: three calls where nothing is to be done', async () => {
  const { home } = await createSeveral(NAMES);
  const calls = join(home.root, 'calls');
  home.script('counted', `#!/bin/sh\necho "$*" >> "${calls}"\nexec "${home.root}/bin/jit" "$@"\n`);
  const count = () => readFileSync(calls, 'utf8').trim().split('\n').length;
  const agent = '[[agents]]\nid = "a"\ncommand = ["true"]\n';
  home.configure(`[tracker]\ncommand = "./counted"\n${agent}`);
  await home.once();
  const one = count();
  rmSync(calls);
  const tables = NAMES.map((name) => `[[repositories]]\nname = "${name}"\ndir = "${name}"\n`);
  home.configure(`[tracker]\ncommand = "./counted"\n${tables.join('')}${agent}`);
  await home.once();
  console.log(`calls of jit in an idle cycle: ${one} for one repository, ${count()} for three`);
  expect([one, count()]).toEqual([3, 9]);
});

test('a repository that is configured no more gets its live runs settled, and nothing new', async () => {
  const { home, jit, create } = await createSeveral(NAMES);
  const waits = AGENT(5, '["sh", "-c", "while [ ! -e go ]; do sleep 0.1; done"]');
  home.configure(waits);
  const web = await create('web', 'web');
  const hub = await create('hub', 'hub');
  expect((await home.once()).started).toHaveLength(2);
  home.configure(waits.slice(waits.indexOf('[[agents]]')));
  const more = await create('web', 'more');
  for (const folder of ['.', 'web', 'hub']) writeFileSync(join(home.root, folder, 'go'), '');
  await until('both are done', async () => {
    await home.once();
    const states = [
      await jit<IssueItemOutput>('web', ['issue', 'show', web]),
      await jit<IssueItemOutput>('hub', ['issue', 'show', hub]),
    ];
    return states.every(({ state }) => state === 'done');
  });
  expect(await jit('web', ['issue', 'show', more])).toMatchObject({ state: 'ready' });
});

test('a tracker that is away keeps nobody from what is in another repository', async () => {
  const { home, create } = await createSeveral(NAMES);
  home.configure(AGENT(5, '["sleep", "600"]'));
  const [id, other] = [await create('api', 'One'), await create('api', 'Other')];
  const { started } = await home.once();
  renameSync(join(home.root, 'web', '.jit'), join(home.root, 'web', 'away'));
  for (const command of ['explain', 'history', 'cancel'])
    expect(await home.dispatch(command, id), command).toMatchObject({ exit: 0 });
  const run = started.find(({ issue }) => issue === other)?.run ?? '';
  expect(await home.dispatch('cancel', run)).toMatchObject({ exit: 0 });
  // What only begins an id may be meant for an issue that is away.
  const begun = id.slice(0, 8);
  const refused = await home.dispatch('history', begun);
  expect(refused).toMatchObject({ exit: 10 });
  expect(refused.stderr).toContain(`api/${id}`);
  expect(await home.dispatch('history', `api/${begun}`)).toMatchObject({ exit: 0 });
  expect(await home.dispatch('history', begun, '--repository', 'api')).toMatchObject({ exit: 0 });
  expect(await home.dispatch('history', 'nobody-has-it')).toMatchObject({ exit: 10 });
});
