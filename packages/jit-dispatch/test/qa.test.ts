import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunOutput } from '@jit/contract/outputs/dispatch';
import { runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, test } from 'vitest';
import { GATE_STEPS } from '../src/daemon/steps.ts';
import { findMarked } from '../src/keeper/identity.ts';
import { createRepository, type Repository } from './repository.ts';
import { end, isQuiet, readRun, runFolders } from './run-folders.ts';
import { until } from './until.ts';

const REPORT = '#!/bin/sh\njit issue update "$JIT_ISSUE_ID" --state done\nexit 0\n';
const FAST = 'poll_interval_secs = 1\nstop_grace_secs = 1\n[retry]\nfirst_secs = 0\n';
const agent = (rest: string) => `[[agents]]\nid = "a"\n${rest}\n`;
const EXITS = agent('completion = "exit"\ncommand = "./work"');

/** A repository with one issue that carries an automatic exit gate, and an agent that exits with 0. */
async function gatedRepository(checker: string, toml = FAST + EXITS) {
  const repository = await createRepository();
  await repository.jit(['gate', 'define', 'tests', '--stage', 'done', '--command', checker]);
  const id = await repository.create('One', '--gate', 'tests');
  repository.script('work', '#!/bin/sh\necho "$JIT_ISSUE_ID" >> worked\n');
  repository.configure(toml);
  return { repository, id, path: (name: string) => join(repository.root, name) };
}

/** A checker that waits for a file and notes that it was begun. */
const WAITS = 'echo begun >> tried; while [ ! -e go ]; do sleep 0.1; done';
const lines = (file: string) =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;

/** Cycles, one whenever something may have ended, until so many runs have. Oldest first. */
const ended = (repository: Repository, count = 1) =>
  until(`${count} ended runs`, async () => {
    if (!isQuiet(repository.root)) return null;
    const { settled } = await repository.once();
    if (settled.length === 0) return null;
    const runs = (await repository.runs('--all')).filter((run) => run.ended_at !== null);
    return runs.length >= count ? runs.reverse() : null;
  });

interface Event {
  readonly failed?: string | null;
  readonly reason?: string | null;
  readonly to?: string;
  readonly text?: string | null;
}
const events = (repository: Repository, id: string, type: string) =>
  repository.jit<Event[]>(['events', 'query', '--issue', id, '--type', type]);

const gatesFolder = (repository: Repository, n: number) =>
  join(runFolders(repository.root)[0] ?? '', `gates-${n}`);

/** The processes of a run that are left: its agent, its gates and their checkers. */
const leftOf = (runs: readonly RunOutput[]) =>
  runs.flatMap(({ run }) => findMarked('JIT_RUN_ID', run));

describe('an agent that says it is done', () => {
  test('and lies never makes it done: the gate sends its work back, by name', async () => {
    const { repository, id } = await gatedRepository('echo "not there"; test -e proof');
    const runs = await ended(repository, 2);
    expect(runs.slice(0, 2)).toMatchObject([
      { state: 'failed', reason: 'gates_failed', failed: 'gate', attempt: 1, exit_code: 0 },
      { state: 'failed', reason: 'gates_failed', failed: 'gate', attempt: 2 },
    ]);
    expect(runs[0]?.detail).toBe('exit gates failed: tests');
    const released = await events(repository, id, 'claim_released');
    expect(released.slice(0, 2)).toMatchObject([{ failed: 'gate' }, { failed: 'gate' }]);
    expect(released[0]?.reason).toContain('tests');
    const moves = await events(repository, id, 'state_changed');
    expect(moves.map(({ to }) => to)).not.toContain('done');
    expect(await events(repository, id, 'forced')).toEqual([]);
    console.log(`${runs.length} runs that lied: 0 done, ${released.length} released as failed`);
  });

  test('and needs two tries gets there with the output of the gate that failed', async () => {
    const { repository, id, path } = await gatedRepository(
      'test -e lamp || { echo "the lamp is off"; exit 1; }',
      FAST + agent('command = "./work"\nissue_json = "file"'),
    );
    const learn = 'grep -q "the lamp is off" "$JIT_FEEDBACK_FILE" && touch lamp\n';
    const note = 'cp "$JIT_ISSUE_FILE" issue-seen; ls -l "$JIT_FEEDBACK_FILE" > mode-seen\n';
    repository.script(
      'work',
      `#!/bin/sh\n[ -n "$JIT_FEEDBACK_FILE" ] && { ${note}${learn}}\n${REPORT}`,
    );
    const daemon = repository.start();
    await until('done', async () => (await repository.issue(id)).state === 'done');
    await daemon.stop();
    const runs = await repository.runs('--all');
    expect(runs).toMatchObject([
      { state: 'completed', reason: 'issue_done', attempt: 2 },
      { state: 'failed', reason: 'gates_failed', attempt: 1 },
    ]);
    expect(JSON.parse(readFileSync(path('issue-seen'), 'utf8'))).toMatchObject({
      id,
      earlier_failures: [{ attempt: 1, agent: 'a', class: 'gate' }],
      failed_gates: [{ gate: 'tests', attempt: 1, end: 'exit 1', output: 'the lamp is off' }],
    });
    expect(readFileSync(path('mode-seen'), 'utf8')).toMatch(/^-rw------- /);
    expect(leftOf(runs)).toEqual([]);
  });

  test.each([
    ['cycle by cycle', 1],
    ['under a daemon', 2],
  ] as const)('and never gets there ends with a human, %s', async (how, tries) => {
    const { repository, id, path } = await gatedRepository(
      'echo "still broken"; exit 1',
      `${FAST}[qa]\nattempts_per_agent = ${tries}\n[escalation]\nhook = "./tell"\n${EXITS}${EXITS.replace('"a"', '"b"')}`,
    );
    repository.script('tell', '#!/bin/sh\ncat >> told\n');
    const isTold = () => lines(path('told')) > 0;
    if (how === 'under a daemon') {
      const daemon = repository.start();
      await until('people are told', isTold);
      await until('the next cycle leaves it alone', () =>
        daemon.log().includes('reason=escalated'),
      );
      await daemon.stop();
    } else {
      await until('people are told', async () => {
        if (isQuiet(repository.root)) await repository.once();
        return isTold();
      });
      expect((await repository.once()).started).toEqual([]);
    }
    const runs = (await repository.runs('--all')).reverse();
    const of = (name: string) => runs.filter((run) => run.agent === name);
    expect([of('a').length, of('b').length]).toEqual([tries, tries]);
    expect(runs.map(({ agent: name }) => name)).toEqual(
      [...of('a'), ...of('b')].map(({ agent: name }) => name),
    );
    for (const run of runs)
      expect(run).toMatchObject({ state: 'failed', reason: 'gates_failed', failed: 'gate' });
    expect(await repository.issue(id)).toMatchObject({
      state: 'ready',
      claim: null,
      labels: ['dispatch:escalated'],
    });
    const comments = await events(repository, id, 'comment_added');
    expect(comments).toHaveLength(1);
    expect(comments[0]?.text).toContain('agents_excluded');
    const told = readFileSync(path('told'), 'utf8').trim().split('\n');
    expect(told.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'escalated', issue: id, reason: 'agents_excluded', count: 1 },
    ]);
    const moves = await events(repository, id, 'state_changed');
    expect(moves.map(({ to }) => to)).not.toContain('done');
    expect(leftOf(runs)).toEqual([]);
    console.log(
      `${how}: ${of('a').length} runs of a, ${of('b').length} of b, 0 done, ${comments.length} comment, hook told ${told.length} time`,
    );
  });

  test('whose gates wait for people, too, has done its part when the checkers are passed', async () => {
    const { repository, id } = await gatedRepository('true');
    await repository.jit(['gate', 'define', 'review', '--stage', 'done']);
    await repository.jit(['gate', 'add', id, 'review']);
    expect(await ended(repository)).toMatchObject([{ state: 'completed', reason: 'issue_gated' }]);
    expect(await repository.issue(id)).toMatchObject({ state: 'gated', claim: null });
    expect(await events(repository, id, 'claim_released')).toMatchObject([{ failed: null }]);
    await repository.jit(['gate', 'pass', id, 'review']);
    expect(await repository.issue(id)).toMatchObject({ state: 'done' });
  });
});

describe('gates that decide nothing leave the issue gated, free its slot, and ask a person', () => {
  const isForPeople = async (repository: Repository, id: string): Promise<void> => {
    expect(await repository.issue(id)).toMatchObject({
      state: 'gated',
      claim: null,
      labels: ['dispatch:escalated'],
    });
    expect(leftOf(await repository.runs('--all'))).toEqual([]);
  };

  test('a checker that hangs', async () => {
    const { repository, id } = await gatedRepository(
      'sleep 600 & sleep 600',
      `${FAST}[qa]\ntimeout_secs = 2\n${EXITS}`,
    );
    expect(await ended(repository)).toMatchObject([
      { state: 'failed', reason: 'gates_timed_out', failed: 'gate' },
    ]);
    await isForPeople(repository, id);
  });

  test('a checker that can not run, after three tries', async () => {
    const { repository, id } = await gatedRepository('echo x >> tried; no-such-program');
    const [run] = await ended(repository);
    expect(run).toMatchObject({ state: 'failed', reason: 'gates_not_run', failed: 'environment' });
    expect(run?.detail).toContain('127');
    expect(lines(join(repository.root, 'tried'))).toBe(3);
    await isForPeople(repository, id);
  });

  test('a checker that is not trusted on this machine, at once', async () => {
    const repository = await createRepository();
    const define = ['gate', 'define', 'tests', '--stage', 'done', '--command', 'touch pwned'];
    const elsewhere = { XDG_STATE_HOME: tempFolder() };
    await runBundle('jit', define, { cwd: repository.root, env: elsewhere });
    const id = await repository.create('One', '--gate', 'tests');
    repository.script('work', '#!/bin/sh\n');
    repository.configure(FAST + EXITS);
    const [run] = await ended(repository);
    expect(run).toMatchObject({ reason: 'gates_not_trusted', failed: 'environment' });
    expect(run?.detail).toContain('touch pwned');
    expect(existsSync(join(repository.root, 'pwned'))).toBe(false);
    expect(existsSync(gatesFolder(repository, 2))).toBe(false);
    await isForPeople(repository, id);
  });
});

test('a checker that prints 64 MB costs little: the next agent gets the end of it', async () => {
  const { repository, path } = await gatedRepository(
    'head -c 67108864 /dev/zero | tr "\\0" x; echo; echo the end; exit 1',
    FAST + agent('completion = "exit"\ncommand = "./work"\nissue_json = "file"'),
  );
  const seen = 'cp "$JIT_ISSUE_FILE" issue-seen; cp "$JIT_FEEDBACK_FILE" text-seen';
  repository.script('work', `#!/bin/sh\n[ -n "$JIT_FEEDBACK_FILE" ] && { ${seen}; }\nexit 0\n`);
  await ended(repository, 1);
  await until('a second agent', async () => {
    if (isQuiet(repository.root)) await repository.once();
    return existsSync(path('text-seen'));
  });
  const { failed_gates } = JSON.parse(readFileSync(path('issue-seen'), 'utf8'));
  const { output } = failed_gates[0];
  expect(output).toMatch(/^…x+\nthe end$/);
  expect(Buffer.byteLength(output)).toBe(8192);
  const log = statSync(join(gatesFolder(repository, 1), 'output.log')).size;
  expect(log).toBeLessThan(100_000);
  console.log(`64 MiB printed: ${log} bytes in the run, ${Buffer.byteLength(output)} for the next`);
});

test('a person who takes an issue back while its gates run stops them, and is not asked to look', async () => {
  const { repository, id, path } = await gatedRepository(WAITS);
  const daemon = repository.start();
  await until('the checker runs', () => lines(path('tried')) === 1);
  await repository.jit(['issue', 'release', id, '--override-claim', '--reason', 'mine']);
  const [run] = await until('the run ended', async () => {
    const runs = await repository.runs('--all');
    return runs.every(({ ended_at }) => ended_at !== null) ? runs : null;
  });
  expect(run).toMatchObject({ state: 'lost', reason: 'taken_back', failed: null });
  expect(leftOf([...(run ? [run] : [])])).toEqual([]);
  expect(await repository.issue(id)).toMatchObject({ state: 'gated', labels: [], claim: null });
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
});

describe('a death while gates run', () => {
  test('kill -9 of their keeper: what is left is stopped, and they are run again', async () => {
    const { repository, id, path } = await gatedRepository(WAITS);
    const daemon = repository.start();
    await until('the checker runs', () => lines(path('tried')) === 1);
    const keeper = readRun(gatesFolder(repository, 1), 'keeper');
    if (keeper === null || 'abandoned' in keeper) throw new Error('no keeper');
    const before = leftOf(await repository.runs()).map(({ pid }) => pid);
    end(keeper.pid);
    await until('it is begun again', () => lines(path('tried')) === 2);
    const after = leftOf(await repository.runs()).map(({ pid }) => pid);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    writeFileSync(path('go'), '');
    await until('done', async () => (await repository.issue(id)).state === 'done');
    await daemon.stop();
    const runs = await repository.runs('--all');
    expect(runs).toMatchObject([{ state: 'completed', reason: 'issue_done' }]);
    expect(lines(path('worked'))).toBe(1);
    expect(leftOf(runs)).toEqual([]);
  });

  test('kill -9 of the daemon: they go on, and the next one takes their word', async () => {
    const { repository, id, path } = await gatedRepository(WAITS);
    const daemon = repository.start();
    await until('the checker runs', () => lines(path('tried')) === 1);
    await daemon.stop('SIGKILL');
    expect(await repository.runs()).toMatchObject([{ issue: id, state: 'idle' }]);
    writeFileSync(path('go'), '');
    expect(await ended(repository)).toMatchObject([{ state: 'completed', reason: 'issue_done' }]);
    expect(await repository.issue(id)).toMatchObject({ state: 'done', claim: null });
    expect([lines(path('tried')), lines(path('worked'))]).toEqual([1, 1]);
  });

  test('kill -9 of the daemon at every step of their start: run once each, nothing left', async () => {
    const states = await Promise.all(
      GATE_STEPS.map(async (step) => {
        const { repository, id, path } = await gatedRepository('echo begun >> tried');
        await until(`killed at ${step}`, async () => {
          const { signal } = await repository.crash({ JIT_DISPATCH_TEST_KILL_AT: step });
          return signal === 'SIGKILL';
        });
        const runs = await ended(repository);
        expect(runs, step).toMatchObject([{ state: 'completed', reason: 'issue_done' }]);
        expect([lines(path('tried')), lines(path('worked'))], step).toEqual([1, 1]);
        expect(leftOf(runs), step).toEqual([]);
        return (await repository.issue(id)).state;
      }),
    );
    expect(states).toEqual(GATE_STEPS.map(() => 'done'));
  });

  test('a stop of the dispatcher: they are stopped, no try is lost, and the next start runs them', async () => {
    const { repository, id, path } = await gatedRepository(WAITS);
    for (let stop = 1; stop <= 3; stop += 1) {
      const daemon = repository.start();
      await until('the checker runs', () => lines(path('tried')) === stop);
      daemon.process.kill('SIGTERM');
      await until('draining', () => daemon.log().includes('draining'));
      expect(await daemon.stop()).toMatchObject({ exit: 10 });
      const runs = await repository.runs();
      expect(runs).toMatchObject([{ issue: id, state: 'idle' }]);
      expect(leftOf(runs)).toEqual([]);
    }
    writeFileSync(path('go'), '');
    expect(await ended(repository)).toMatchObject([{ state: 'completed', reason: 'issue_done' }]);
    expect(lines(path('worked'))).toBe(1);
  });
});
