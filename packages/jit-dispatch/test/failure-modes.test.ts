import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, onTestFinished, test } from 'vitest';
import { identityOf, isAlive } from '../src/keeper/identity.ts';
import type { ProcessIdentity } from '../src/run-records.ts';
import { createRunHost } from '../src/runners/run-host.ts';
import { createRepository } from './repository.ts';
import { readRun, runFolders } from './run-folders.ts';
import { until } from './until.ts';

// What dispatchers are known for, as far as no other test shows it: the table in TESTING.md has all of it.

const agent = (id: string, rest: string) => `[[agents]]\nid = "${id}"\n${rest}\n`;

test('a pid that was given to another process is nobody of ours: neither asked to stop nor killed', async () => {
  const root = tempFolder();
  const stranger = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
  onTestFinished(() => void stranger.kill('SIGKILL'));
  const identity = await until('it runs', () => identityOf(stranger.pid ?? 0));
  const host = createRunHost({ root, keeperFile: '', environment: {}, onEnd: () => {} });
  const former: readonly ProcessIdentity[] = [
    { ...identity, start_time: '1' },
    { ...identity, boot_id: 'an earlier boot' },
  ];
  for (const [index, record] of former.entries()) {
    const run = `r${index}`;
    mkdirSync(join(root, run));
    writeFileSync(join(root, run, 'keeper.json'), JSON.stringify(record));
    const agentRecord = { ...record, started_at: '2026-11-20T10:00:00.000Z' };
    writeFileSync(join(root, run, 'agent.json'), JSON.stringify(agentRecord));
    expect(host.look(run).isKeeperAlive).toBe(false);
    host.requestStop(run);
    await host.stopOrphan(run, 50);
  }
  expect(isAlive(identity)).toBe(true);
});

test('every way to end frees the slot of an agent with capacity 1', async () => {
  const repository = await createRepository();
  repository.script(
    'work',
    `#!/bin/sh
case "$(cat "$JIT_ISSUE_FILE")" in
  *'"fails"'*) exit 3 ;;
  *'"dies"'*) kill -9 $$ ;;
  *'"idles"'*) exit 0 ;;
  *'"leaves a child"'*) sleep 300 & ;;
esac
exec jit issue update "$JIT_ISSUE_ID" --state done
`,
  );
  const titles = ['fails', 'dies', 'idles', 'leaves a child', 'works'];
  // The one that works comes last: all others have to make room for it.
  for (const title of titles)
    await repository.create(title, '-p', title === 'works' ? 'low' : 'high');
  // However slow the machine is, none of them is tried again before.
  const rest = '[retry]\nfirst_secs = 3600\nmax_secs = 3600\n';
  repository.configure(
    rest + agent('only', 'capacity = 1\nissue_json = "file"\ncommand = "./work {issue_id}"'),
  );
  const daemon = repository.start();
  await until('the last one is done', async () =>
    (await repository.issues()).some(({ title, state }) => title === 'works' && state === 'done'),
  );
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
  const runs = await repository.runs('--all');
  const reasons = new Map(runs.map(({ title, reason }) => [title, reason]));
  expect(reasons).toEqual(
    new Map([
      ['fails', 'exit_code'],
      ['dies', 'killed'],
      ['idles', 'no_progress'],
      ['leaves a child', 'issue_done'],
      ['works', 'issue_done'],
    ]),
  );
  expect(await repository.jit(['query', 'assignee', 'only'])).toEqual([]);
});

test('an issue that somebody takes in the last moment costs only itself; the claims of the others are under the plain ids of their agents', async () => {
  const repository = await createRepository();
  const first = await repository.create('Taken', '-p', 'critical');
  const others = [await repository.create('2'), await repository.create('3')];
  // Between the plan and the claims of this very cycle.
  repository.script(
    'thief',
    `#!/bin/sh
if [ "$1" = batch ]; then
  cat > batch.in
  if grep -q '"claim"' batch.in; then jit issue claim ${first} thief > /dev/null; fi
  exec jit "$@" < batch.in
fi
exec jit "$@"
`,
  );
  repository.configure(
    `[tracker]\ncommand = "./thief"\n${agent('a', 'capacity = 3\ncommand = "sleep 300"')}`,
  );
  const cycle = await repository.onceByItself();
  expect(cycle.lost).toMatchObject([{ issue: first, agent: 'a' }]);
  expect(cycle.started.map(({ issue }) => issue).sort()).toEqual([...others].sort());
  const held = await repository.jit<{ id: string; assignee: string }[]>(['query', 'assignee', 'a']);
  expect(held.map(({ id, assignee }) => [id, assignee]).sort()).toEqual(
    others.map((id) => [id, 'a']).sort(),
  );
  expect(await repository.issue(first)).toMatchObject({ assignee: 'thief', attempt: 1 });
});

test('the end of an earlier run changes nothing for the run that has the issue now', async () => {
  const repository = await createRepository();
  const id = await repository.create('Contested');
  repository.script('wait', '#!/bin/sh\nwhile [ ! -e "go-$JIT_AGENT_ID" ]; do sleep 0.1; done\n');
  repository.configure(
    `stop_grace_secs = 1\n${agent('early', 'completion = "exit"\ncommand = "./wait"')}`,
  );
  writeFileSync(
    join(repository.root, 'late.toml'),
    `name = "late"\n${agent('late', 'completion = "exit"\ncommand = "./wait"')}`,
  );
  await repository.onceByItself();
  await repository.jit(['issue', 'release', id, '--override-claim', '--reason', 'taken back']);
  const { started } = await repository.onceByItself('--config', 'late.toml');
  expect(started).toMatchObject([{ issue: id, agent: 'late', attempt: 2 }]);
  const lateFolder = runFolders(repository.root).find((each) => each.includes('/late/')) ?? '';
  const late = await until('the later agent runs', () => readRun(lateFolder, 'agent'));
  // The earlier agent reports success, of an attempt that is over.
  writeFileSync(join(repository.root, 'go-early'), '');
  const [early] = await until('the earlier run is settled', async () => {
    await repository.onceByItself();
    const runs = await repository.runs('--all');
    return runs.every(({ ended_at }) => ended_at !== null) ? runs : null;
  });
  expect(early).toMatchObject({ agent: 'early', state: 'lost', attempt: 1 });
  expect(isAlive(late)).toBe(true);
  expect(await repository.issue(id)).toMatchObject({
    state: 'in_progress',
    assignee: 'late',
    attempt: 2,
  });
  writeFileSync(join(repository.root, 'go-late'), '');
  await until('the later run is settled', async () => {
    await repository.onceByItself('--config', 'late.toml');
    return (await repository.issue(id)).state === 'done';
  });
});

test('a completion that nobody was told of is found by comparing, and the slot is free for the next issue', async () => {
  const repository = await createRepository();
  const [first, second] = [await repository.create('1'), await repository.create('2')];
  repository.script('work', '#!/bin/sh\n[ "$JIT_ISSUE_ID" = "$LAST" ] || exit 0\nexec sleep 300\n');
  repository.configure(
    agent('a', `completion = "exit"\ncommand = "./work"\nenv = { LAST = "${second}" }`),
  );
  // Its dispatcher is gone when the agent ends: no event, no signal, no exit of a child.
  expect((await repository.onceByItself()).started).toMatchObject([{ issue: first }]);
  const [folder = ''] = runFolders(repository.root);
  await until('the agent ended', () => readRun(folder, 'exit'));
  expect(await repository.runs()).toHaveLength(1);
  const cycle = await repository.onceByItself();
  expect(cycle.settled).toMatchObject([{ issue: first, state: 'completed' }]);
  expect(cycle.started).toMatchObject([{ issue: second }]);
});

test('what the configuration says about nobody is told, with the nearest name, and does not change what happens', async () => {
  const repository = await createRepository();
  const id = await repository.create('One');
  repository.configure(
    `max_concurent = 0\n${agent('a', 'capasity = 9\ncompletion = "exit"\ncommand = "true"')}`,
  );
  const { exit, stderr } = await repository.dispatch('once', '--json');
  expect(exit).toBe(0);
  expect(stderr).toMatch(/warning: .*max_concurent.*max_concurrent/);
  expect(stderr).toMatch(/warning: .*capasity.*capacity/);
  expect(await repository.runs('--all')).toMatchObject([{ issue: id }]);
});
