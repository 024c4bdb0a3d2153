import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { uptimeMs } from '../src/keeper/clock.ts';
import type { StallRecord } from '../src/run-records.ts';
import { createRepository, type Repository } from './repository.ts';
import { readRun, runFolders } from './run-folders.ts';
import { until } from './until.ts';

const agent = (stall: string) =>
  `[[agents]]\nid = "a"\ncommand = "./work"\nstall = { startup_grace_secs = 0, ${stall} }\n`;
const HOOK = '[escalation]\nhook = ["./tell"]\n';

async function silent(toml: string, script = 'exec sleep 300'): Promise<Repository> {
  const repository = await createRepository();
  await repository.create('Quiet');
  repository.script('work', `#!/bin/sh\n${script}\n`);
  repository.script('tell', '#!/bin/sh\nread event; echo "$event" >> told\n');
  repository.configure(toml);
  return repository;
}

const stallOf = (folder: string): StallRecord | null =>
  existsSync(join(folder, 'stall.json'))
    ? JSON.parse(readFileSync(join(folder, 'stall.json'), 'utf8'))
    : null;

const toldOf = ({ root }: Repository): object[] =>
  existsSync(join(root, 'told'))
    ? readFileSync(join(root, 'told'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];

async function firstRun({ root }: Repository) {
  const folder = await until('the agent runs', () => {
    const [found] = runFolders(root);
    return found !== undefined && readRun(found, 'agent') ? found : null;
  });
  const keeper = readRun(folder, 'keeper');
  if (keeper === null || 'abandoned' in keeper) throw new Error('no keeper');
  return { folder, keeper };
}

test('silence is said, people are told once over a restart, life ends it, and the next silence is a new one', async () => {
  const repository = await silent(
    HOOK + agent('warn_secs = 0.2, notify_secs = 0.4, stop_secs = 0'),
    'while [ ! -e speak ]; do sleep 0.1; done; echo here; exec sleep 300',
  );
  const first = repository.start();
  const { folder } = await firstRun(repository);
  await until('told', () => toldOf(repository).length === 1);
  const [run] = await repository.runs();
  expect(toldOf(repository)).toMatchObject([
    { event: 'stall_notified', issue: run?.issue, title: 'Quiet', agent: 'a', run: run?.run },
  ]);
  expect(run).toMatchObject({ stall: 'notified', silent_since: stallOf(folder)?.silent_since });
  expect(first.log()).toMatch(/silent +warn .*reason=stall_warned .*no sign of life since/);
  const shown = await repository.dispatch('runs');
  expect(shown.stdout).toContain('silent since');

  first.process.kill('SIGKILL');
  await first.ended;
  const second = repository.start();
  await until('the second is up', () => second.log().includes('dispatches to'));
  writeFileSync(join(repository.root, 'speak'), '');
  await until('told of the next silence', () => toldOf(repository).length === 2);
  const [before, after] = toldOf(repository) as { detail: string }[];
  expect(after?.detail).not.toBe(before?.detail);
});

test('an agent whose only sign of life is the tracker is asked about there before each stage', async () => {
  const repository = await silent(
    agent('warn_secs = 0, notify_secs = 0, stop_secs = 3'),
    'n=0; while [ $n -lt 12 ]; do jit issue heartbeat "$JIT_ISSUE_ID" > /dev/null; n=$((n+1)); sleep 0.5; done; jit issue update "$JIT_ISSUE_ID" --state done > /dev/null',
  );
  repository.start();
  const { folder } = await firstRun(repository);
  await until('it has ended', () => readRun(folder, 'exit'));
  expect(readRun(folder, 'exit')).toMatchObject({ reason: 'exited', code: 0 });
});

test('a machine that slept for longer than all limits ends no agent', async () => {
  const repository = await silent(
    agent('warn_secs = 0, notify_secs = 0, stop_secs = 4'),
    'while [ ! -e go ]; do echo here >> beats; echo here; sleep 0.1; done',
  );
  await repository.once();
  const { folder, keeper } = await firstRun(repository);
  const group = readRun(folder, 'agent')?.pid ?? 0;
  const beats = () => readFileSync(join(repository.root, 'beats'), 'utf8').length;
  await until('the agent works', () => existsSync(join(repository.root, 'beats')));
  process.kill(-group, 'SIGSTOP');
  const stopped = uptimeMs();
  await until('what it printed is read', () => uptimeMs() - stopped > 500);
  process.kill(keeper.pid, 'SIGSTOP');
  const slept = uptimeMs();
  await until('longer than all limits', () => uptimeMs() - slept > 4_500);
  const before = beats();
  process.kill(keeper.pid, 'SIGCONT');
  // An agent needs a while to find itself again; a keeper that went by the clock would act by now.
  const woke = uptimeMs();
  await until('some looks', () => uptimeMs() - woke > 1_500);
  process.kill(-group, 'SIGCONT');
  await until('the agent works again', () => beats() > before + 50);
  expect(stallOf(folder)).toBeNull();
  writeFileSync(join(repository.root, 'go'), '');
  await until('it has ended', () => readRun(folder, 'exit'));
  expect(readRun(folder, 'exit')).toMatchObject({ reason: 'exited', code: 0 });
});

test('the ladder of a keeper goes on without a daemon, and the next daemon settles what it did', async () => {
  const repository = await silent(
    agent('warn_secs = 0.5, notify_secs = 0.7, stop_secs = 2') + HOOK,
  );
  const first = repository.start();
  const { folder } = await firstRun(repository);
  first.process.kill('SIGKILL');
  await first.ended;
  await until('it was stopped', () => readRun(folder, 'exit'));
  expect(stallOf(folder)).toMatchObject({ stage: 'stopped' });
  const { settled } = await repository.once('--max-issues', '0');
  expect(settled).toMatchObject([{ state: 'stalled', reason: 'stalled' }]);
});
