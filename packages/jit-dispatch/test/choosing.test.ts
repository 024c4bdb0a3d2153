import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentMatchOutput, EstimateOutput } from '@jit/contract/outputs/estimate';
import { describe, expect, test } from 'vitest';
import { createRepository, type Repository } from './repository.ts';
import { isQuiet } from './run-folders.ts';
import { until } from './until.ts';

const agent = (id: string, rest = '') =>
  `[[agents]]\nid = "${id}"\ncommand = "true"\ncompletion = "exit"\n${rest}\n`;
const json = async <T>(repository: Repository, ...argv: string[]): Promise<T> => {
  const done = await repository.dispatch(...argv, '--json');
  expect(done, done.stdout + done.stderr).toMatchObject({ exit: 0 });
  return JSON.parse(done.stdout) as T;
};
const errorOf = async (repository: Repository, ...argv: string[]) => {
  const done = await repository.dispatch(...argv, '--json');
  return { exit: done.exit, ...JSON.parse(done.stdout).error };
};

describe('strategies', () => {
  test('round-robin is fair over two dispatchers and over restarts: they read it from the log of the tracker', async () => {
    const repository = await createRepository();
    repository.configure(
      `strategy = "round-robin"\n${['a', 'b', 'c'].map((id) => agent(id, 'capacity = 9')).join('')}`,
    );
    for (let at = 0; at < 12; at += 1) await repository.create(`Issue ${at}`);
    const order: string[] = [];
    for (let cycle = 0; cycle < 6; cycle += 1) {
      const name = cycle % 2 === 0 ? 'one' : 'two';
      const argv = ['once', '--max-issues', '2', '--name', name];
      const { started } = await json<{ started: { agent: string }[] }>(repository, ...argv);
      order.push(...started.map((run) => run.agent));
    }
    expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c']);
    console.log(`round-robin, two dispatchers, six processes: ${order.join(' ')}`);
  });

  test('random draws the same for the same seed; only: asks one agent; --label-filter leaves the rest', async () => {
    const repository = await createRepository();
    repository.configure(['a', 'b', 'c'].map((id) => agent(id, 'capacity = 9')).join(''));
    for (let at = 0; at < 9; at += 1)
      await repository.create(`Issue ${at}`, ...(at % 3 === 0 ? ['-l', 'ai-agent'] : []));
    const plan = async (...more: string[]) => {
      const { decisions } = await repository.once('--dry-run', ...more);
      return decisions.map(({ agent: id, reason }) => id ?? reason);
    };
    const drawn = await plan('--strategy', 'random', '--seed', '7');
    expect(await plan('--strategy', 'random', '--seed', '7')).toEqual(drawn);
    expect(new Set(drawn).size).toBeGreaterThan(1);
    expect(await plan('--strategy', 'random', '--seed', '8')).not.toEqual(drawn);
    expect(new Set(await plan('--strategy', 'only:b'))).toEqual(new Set(['b']));
    const filtered = await plan('--label-filter', 'ai-agent', '--max-issues', '2');
    expect(filtered.filter((each) => each === 'label_filter')).toHaveLength(6);
    expect(filtered.filter((each) => each === 'max_issues')).toHaveLength(1);
  });

  test('one that is none is refused before anything is done', async () => {
    const repository = await createRepository();
    repository.configure(agent('a'));
    expect(await errorOf(repository, 'once', '--strategy', 'best')).toMatchObject({
      exit: 2,
      message: '--strategy: "best" is no strategy; did you mean \'best-match\'?',
    });
    expect(await errorOf(repository, 'once', '--strategy', 'only:b')).toMatchObject({ exit: 2 });
  });
});

describe('estimate and agents', () => {
  const TEAM =
    agent('reviewer', 'capabilities = ["code_review"]\nstrengths = ["code_review"]') +
    agent('ops', 'class = "hybrid"\ncapabilities = ["deploy"]\nhigh_risk = true') +
    agent('ana', 'class = "human"\nhigh_risk = true');

  test('say who would get an issue that is not even ready, with scores, class, tokens and alternatives', async () => {
    const repository = await createRepository();
    repository.configure(TEAM);
    const first = await repository.create('First');
    const id = await repository.create('Review the code of the parser', '--dep', first);
    const estimate = await json<EstimateOutput>(repository, 'estimate', id);
    expect(estimate).toMatchObject({
      issue: id,
      state: 'open',
      recommended: 'reviewer',
      classification: 'ai',
      confidence: 0.88,
      task_type: 'code_review',
      token_budget: 8000,
      alternatives: [{ agent: 'ops' }],
    });
    expect(estimate.score).toBeGreaterThan(estimate.alternatives[0]?.score ?? 1);
    expect(estimate.token_estimate).toBeGreaterThan(0);
    const long = await repository.create('Long', '-d', 'word '.repeat(500));
    const { token_estimate: tokens } = await json<EstimateOutput>(repository, 'estimate', long);
    expect(tokens).toBeGreaterThan(estimate.token_estimate + 400);
    const human = await json<EstimateOutput>(repository, 'estimate', id, '--class', 'human');
    expect(human).toMatchObject({ recommended: 'ana', confidence: 1, alternatives: [] });
    const agents = await json<AgentMatchOutput[]>(repository, 'agents', '--for', id);
    expect(agents.map(({ agent: name, match }) => [name, match?.standing])).toEqual([
      ['reviewer', 'chosen'],
      ['ops', 'free'],
      ['ana', 'unsuitable'],
    ]);
    expect(
      (await json<AgentMatchOutput[]>(repository, 'agents')).every((each) => each.match === null),
    ).toBe(true);
    expect(await repository.issues()).toHaveLength(3);
  });

  test('what it is reserved for and what the program said count before it is ready; what nobody said is not guessed', async () => {
    const repository = await createRepository();
    repository.script('tell', '#!/bin/sh\necho \'{"class": "human", "confidence": 0.9}\'\n');
    const table = '[classification]\ncommand = "./tell"\n';
    repository.configure(`${table}${agent('a')}${agent('ana', 'class = "human"')}`);
    const first = await repository.create('First', '--defer-until', '2099-01-01T00:00:00Z');
    const id = await repository.create('Second');
    const fresh = await json<EstimateOutput>(repository, 'estimate', id);
    expect(fresh).toMatchObject({ recommended: null, classification: null, alternatives: [] });
    expect(fresh.detail).toContain('has not answered yet');
    await repository.once('--max-issues', '0');
    await repository.jit(['dep', 'add', id, first]);
    const told = await json<EstimateOutput>(repository, 'estimate', id, '--prefer', 'a');
    expect(told).toMatchObject({ state: 'open', recommended: 'ana', classification: 'human' });
    await repository.jit(['issue', 'assign', id, 'a']);
    const reserved = await json<EstimateOutput>(repository, 'estimate', id);
    expect(reserved).toMatchObject({ recommended: 'a', alternatives: [] });
    expect(await errorOf(repository, 'estimate', id, '--exclude', 'anna')).toMatchObject({
      exit: 4,
      message: 'no agent is called "anna"',
    });
  });

  test('what is decided is kept with the run, and counted by class', async () => {
    const repository = await createRepository();
    repository.configure(TEAM);
    await repository.create('Review the code of the parser');
    await repository.create('Approve the decision');
    const { started } = await repository.once();
    expect(started.map((run) => run.agent).sort()).toEqual(['ana', 'reviewer']);
    await until('both are settled', async () => {
      if (!isQuiet(repository.root)) return false;
      await repository.once();
      return (await repository.runs()).length === 0;
    });
    const run = started.find((each) => each.agent === 'ana')?.run ?? '';
    const shown = await json<{ time_line: { type: string; data: { decision?: object } }[] }>(
      repository,
      'show',
      run,
    );
    expect(shown.time_line[0]).toMatchObject({
      type: 'created',
      data: { decision: { agent: 'ana', class: { class: 'human', by: 'keywords' } } },
    });
    const stats = await json<{ by_class: Record<string, { total: number }>; dispatch_ms: object }>(
      repository,
      'stats',
    );
    expect(stats.by_class).toMatchObject({
      human: { total: 1 },
      ai: { total: 1 },
      hybrid: { total: 0 },
    });
    expect(stats.dispatch_ms).toMatchObject({ p50: expect.any(Number) });
  });
});

describe('risk', () => {
  test('at or above the threshold is for those who may, else for people; their word is enough', async () => {
    const repository = await createRepository();
    writeFileSync(
      join(repository.root, 'risk-map.json'),
      '{"keywords": {"auth*": 8}, "paths": {"src/pay/**": 9}}',
    );
    const table = '[risk]\nmap = "risk-map.json"\n';
    repository.configure(table + agent('a'));
    const id = await repository.create('Change authentication');
    const cycle = await repository.once();
    expect(cycle.decisions).toMatchObject([{ issue: id, action: 'escalate', reason: 'high_risk' }]);
    expect((await repository.issue(id)).labels).toContain('dispatch:escalated');
    // Looked at: this agent may.
    await repository.jit(['issue', 'update', id, '--remove-label', 'dispatch:escalated']);
    await repository.jit(['issue', 'assign', id, 'a']);
    expect((await repository.once()).started).toMatchObject([{ issue: id, agent: 'a' }]);
  });

  test('a map that does not parse is refused; a running dispatcher keeps the last good one', async () => {
    const repository = await createRepository();
    const map = join(repository.root, 'risk-map.json');
    writeFileSync(map, '{"keywords": {"auth*": 8}}');
    repository.configure(
      `[risk]\nmap = "risk-map.json"\n${agent('a')}${agent('bold', 'high_risk = true')}`,
    );
    const daemon = repository.start();
    await until('it is up', () => daemon.log().includes('dispatches to'));
    writeFileSync(map, '{"keywords": {"auth*": 8');
    await until('the refusal is said', () => daemon.log().includes('no valid JSON'));
    const id = await repository.create('Change authentication');
    await until('it is started', async () => (await repository.runs('--all')).length === 1);
    expect(await repository.runs('--all')).toMatchObject([{ issue: id, agent: 'bold' }]);
    expect(await repository.dispatch('check-config')).toMatchObject({ exit: 4 });
    await daemon.stop();
    expect(await errorOf(repository, 'once')).toMatchObject({ exit: 4, code: 'CONFIG_INVALID' });
    for (const [text, why] of [
      ['[]', 'the whole'],
      ['{"keywords": {"auth": 11}}', 'keywords.auth'],
      ['{"words": {}}', 'words'],
    ] as const) {
      writeFileSync(map, text);
      expect((await errorOf(repository, 'once')).message).toContain(why);
    }
  });
});

test('an issue waits where no agent is suitable, and says what each lacks; people are asked where that is configured', async () => {
  const repository = await createRepository();
  repository.configure(agent('a') + agent('b', 'role = "tester"'));
  const id = await repository.create('Look at it', '-l', 'role:reviewer', '-l', 'skill:go');
  const { decisions } = await repository.once();
  expect(decisions).toMatchObject([
    {
      issue: id,
      action: 'wait',
      reason: 'no_suitable_agent',
      detail:
        'no agent is suitable: a has no role, reviewer is asked for; b is tester, reviewer is asked for',
    },
  ]);
  repository.configure(`[escalation]\nno_suitable_agent = true\n${agent('a')}`);
  expect((await repository.once()).decisions).toMatchObject([{ action: 'escalate' }]);
});

test('wishes in the metadata of an issue are followed: preferred, excluded, class, kind, attempts', async () => {
  const repository = await createRepository();
  repository.configure(
    agent('a', 'capacity = 9') +
      agent('b', 'strengths = ["research"]') +
      agent('c', 'class = "human"'),
  );
  const meta = (key: string, value: string) => ['--meta', `dispatch.${key}=${value}`];
  const ids = [
    await repository.create('One', ...meta('prefer', 'b')),
    await repository.create('Two', ...meta('exclude', 'a,b')),
    await repository.create('Three', ...meta('class', 'human')),
    await repository.create('Four', ...meta('prefer', 'ghost')),
    await repository.create('Five', ...meta('class', 'robot')),
  ];
  const { decisions } = await repository.once('--dry-run');
  const of = (id: string | undefined) => decisions.find((each) => each.issue === id);
  expect(ids.map((id) => of(id)?.agent ?? of(id)?.reason)).toEqual([
    'b',
    'no_suitable_agent',
    'c',
    'a',
    'a',
  ]);
  expect(of(ids[4])?.record?.wishes.problems).toEqual([
    'dispatch.class is "robot", none of human, ai, hybrid',
  ]);
});
