import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventOutput } from '@jit/contract/outputs/event';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Dispatcher } from '../src/daemon/dispatcher.ts';
import { escalate, timesPostponed } from '../src/daemon/escalation/escalate.ts';
import { hooksEnded, tellHook } from '../src/daemon/escalation/run-hook.ts';
import { tellPeople } from '../src/daemon/escalation/tell-people.ts';
import type { LogEntry } from '../src/daemon/log.ts';
import { openLedger } from '../src/ledger/ledger.ts';
import { createJitCli } from '../src/tracker/jit-cli.ts';
import { createRepository } from './repository.ts';

/** As much of a dispatcher as asking people needs. */
function dispatcherIn(root: string, facts: { hook?: string[]; limit?: number; jit?: string } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'jit-escalate-'));
  const ledger = openLedger(join(folder, 'ledger.db'));
  onTestFinished(() => {
    ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { hook = null, limit = 60, jit = join(root, 'bin/jit') } = facts;
  const log: LogEntry[] = [];
  const ids = [1, 2, 3].values();
  const program = { argv: [jit], suffix: [], cwd: root, env: {} };
  const dispatcher = {
    name: 'test',
    ledger,
    config: {
      escalation: { hook, hookTimeoutSecs: limit, repeatSecs: 60, repeats: 1 },
      tracker: { forge: null },
      repositories: [],
    },
    tracker: createJitCli({
      program,
      environment: { PATH: process.env.PATH },
      timeoutMs: 30_000,
      actor: 'jit-dispatch:test',
    }),
    environment: { PATH: process.env.PATH },
    place: { cwd: root, path: null, tracker: program },
    log: (entry: LogEntry) => void log.push(entry),
    now: () => new Date(),
    newRunId: () => `e${ids.next().value}`,
    step: () => {},
  } as unknown as Dispatcher;
  return { dispatcher, log };
}

function die(): never {
  throw new Error('killed');
}

const order = (issue: string) => ({
  issue,
  title: 'T',
  reason: 'gates',
  detail: "'; $(touch x)\n",
});

describe('escalate', () => {
  test('marks a gated issue whose claim is live, and leaves the claim alone', async () => {
    const { root, jit, create, issue } = await createRepository();
    await jit(['gate', 'define', 'review', '--stage', 'done']);
    const id = await create('work', '--gate', 'review');
    const claimed = ['issue', 'claim', id, 'a', '--ttl', '600'];
    const { claim } = await jit<{ claim: { token: string } }>(claimed);
    await jit(['issue', 'update', id, '--state', 'done', '--claim', claim.token], 4);
    const { dispatcher } = dispatcherIn(root);
    expect(await escalate(dispatcher, order(id))).toBe(true);
    expect(await issue(id)).toMatchObject({ state: 'gated', labels: ['dispatch:escalated'] });
    expect((await issue(id)).claim).not.toBeNull();
    expect(await escalate(dispatcher, order(id))).toBe(true);
    const comments = ['events', 'query', '--issue', id, '--type', 'comment_added'];
    expect(await jit<EventOutput[]>(comments)).toHaveLength(1);
    expect(dispatcher.ledger.openEscalations()).toMatchObject([{ id: 'e1', told: 1 }]);
  });

  test('leaves a finished issue and one that is gone as they are', async () => {
    const { root, jit, create, issue } = await createRepository();
    const id = await create('done');
    await jit(['issue', 'update', id, '--state', 'done']);
    const { dispatcher } = dispatcherIn(root);
    expect(await escalate(dispatcher, order(id))).toBe(false);
    expect(await escalate(dispatcher, order('zzzzzzzzzz'))).toBe(false);
    expect((await issue(id)).labels).toEqual([]);
    expect(dispatcher.ledger.openEscalations()).toEqual([]);
  });

  test('planned for a ready issue is void when somebody has started it', async () => {
    const { root, jit, create, issue } = await createRepository();
    const id = await create('work');
    await jit(['issue', 'claim', id, 'b']);
    const { dispatcher } = dispatcherIn(root);
    expect(await escalate(dispatcher, { ...order(id), state: 'ready' })).toBe(false);
    expect((await issue(id)).labels).toEqual([]);
  });

  test('is to be tried again when the tracker does not answer, as the same one', async () => {
    const { root, create, script, issue } = await createRepository();
    const id = await create('work');
    const jit = script('sometimes', '#!/bin/sh\ntest -e away && exit 1\nexec bin/jit "$@"\n');
    writeFileSync(join(root, 'away'), '');
    const { dispatcher, log } = dispatcherIn(root, { jit });
    expect(await escalate(dispatcher, order(id))).toBe(false);
    expect(log).toMatchObject([{ level: 'warn', event: 'postponed', issue: id }]);
    rmSync(join(root, 'away'));
    expect(await escalate(dispatcher, order(id))).toBe(true);
    expect((await issue(id)).labels).toEqual(['dispatch:escalated']);
    expect(dispatcher.ledger.openEscalations()).toMatchObject([{ id: 'e1' }]);
  });

  test('that a person answered while the dispatcher was dead is not made again', async () => {
    const { root, jit, create, issue } = await createRepository();
    const id = await create('work');
    const { dispatcher } = dispatcherIn(root);
    const dies = { ...dispatcher, step: (name: string) => name === 'escalation_told' && die() };
    await expect(escalate(dies as Dispatcher, order(id))).rejects.toThrow('killed');
    expect((await issue(id)).labels).toEqual(['dispatch:escalated']);
    await jit(['issue', 'update', id, '--remove-label', 'dispatch:escalated']);
    expect(await escalate(dispatcher, order(id))).toBe(true);
    expect((await issue(id)).labels).toEqual([]);
    const comments = ['events', 'query', '--issue', id, '--type', 'comment_added'];
    expect(await jit<EventOutput[]>(comments)).toHaveLength(1);
    expect(dispatcher.ledger.openEscalations()).toEqual([]);
  });

  test('of an issue that can not be changed is said once, with the reason', async () => {
    const { root, create } = await createRepository();
    const id = await create('work');
    const file = join(root, `.jit/issues/${id}.json`);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"work"', '"work\\nmore"'));
    const { dispatcher, log } = dispatcherIn(root);
    for (const _ of [1, 2]) expect(await escalate(dispatcher, order(id))).toBe(false);
    expect(log).toMatchObject([
      { event: 'postponed', issue: id, message: expect.stringContaining('more than one line') },
    ]);
    expect(timesPostponed(dispatcher, id)).toBe(2);
  });
});

describe('the hook', () => {
  test('that hangs makes no flood: what has no room is told later', async () => {
    const { dispatcher } = dispatcherIn(tempFolder(), { hook: ['sleep', '600'], limit: 3600 });
    const { ledger } = dispatcher;
    const all = Array.from({ length: 25 }, (_, n) => ({ ...order(`i${n}`), id: `e${n}` }));
    for (const each of all) ledger.beginEscalation({ ...each, created_at: event.at });
    const untold = () => ledger.openEscalations().filter(({ told }) => told === 0);
    for (const each of untold()) tellPeople(dispatcher, each);
    expect(untold()).toHaveLength(5);
    await hooksEnded(dispatcher, 1);
    for (const each of untold()) tellPeople(dispatcher, each);
    expect(untold()).toEqual([]);
    await hooksEnded(dispatcher, 1);
  });

  const event = {
    event: 'escalated',
    issue: 'i1',
    title: 'a "title"\n--with $(everything)',
    reason: 'r',
    detail: 'd',
    at: '2026-11-20T10:00:00.000Z',
  };

  test('gets one line of JSON on stdin and no shell', async () => {
    const { root, script } = await createRepository();
    const hook = [script('tell', '#!/bin/sh\ncat > told\necho "$1" > argument\n'), '$(id); *'];
    const { dispatcher, log } = dispatcherIn(root, { hook });
    tellHook(dispatcher, event);
    await hooksEnded(dispatcher);
    const told = readFileSync(join(root, 'told'), 'utf8');
    expect(JSON.parse(told)).toEqual({ dispatcher: 'test', ...event });
    expect(told.split('\n')).toHaveLength(2);
    expect(readFileSync(join(root, 'argument'), 'utf8')).toBe('$(id); *\n');
    expect(log).toEqual([]);
  });

  test.each([
    [
      'that fails is logged with what it said',
      '#!/bin/sh\necho no network >&2\nexit 3\n',
      /exit 3: no/,
    ],
    ['that hangs is killed with its children', '#!/bin/sh\nsleep 600 & sleep 600\n', /within 1 s/],
    ['that can not be started is logged', null, /ENOENT/],
  ])('%s', async (_, text, message) => {
    const { root, script } = await createRepository();
    const hook = [text === null ? '/nonexistent' : script('hook', text)];
    const { dispatcher, log } = dispatcherIn(root, { hook, limit: 1 });
    tellHook(dispatcher, event);
    await hooksEnded(dispatcher);
    expect(log).toMatchObject([{ level: 'error', event: 'hook', issue: 'i1' }]);
    expect(log[0]?.message).toMatch(message);
  });

  test('that is still busy when the dispatcher stops is killed after the grace', async () => {
    const { root, script } = await createRepository();
    const hook = [script('hook', '#!/bin/sh\nexec sleep 600\n')];
    const { dispatcher, log } = dispatcherIn(root, { hook, limit: 3600 });
    tellHook(dispatcher, event);
    await hooksEnded(dispatcher, 1);
    expect(log).toMatchObject([{ message: 'the hook was killed: the dispatcher stops' }]);
  });

  test('knows no claim, also where an agent started the dispatcher', async () => {
    const repository = await createRepository();
    repository.script('tell', '#!/bin/sh\nenv > environment\n');
    const limits = '[retry]\nattempts_per_agent = 1\n[escalation]\nhook = "./tell"\n';
    repository.configure(`${limits}[[agents]]\nid = "a"\ncommand = "false"\n`);
    const id = await repository.create('hopeless');
    const claim = ['issue', 'claim', id, 'a'];
    const held = await repository.jit<{ claim: { token: string } }>(claim);
    const release = ['issue', 'release', id, 'no', '--claim', held.claim.token];
    await repository.jit([...release, '--failed', 'agent']);
    await repository.dispatchWith({ JIT_CLAIM: 'secret', JIT_ISSUE_ID: 'x' }, 'once');
    const environment = readFileSync(join(repository.root, 'environment'), 'utf8');
    expect(environment).toMatch(/^JIT_DIR=/m);
    expect(environment).not.toMatch(/^JIT_(CLAIM|ISSUE_ID)=/m);
  });
});
