import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnv } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, onTestFinished, test } from 'vitest';
import { uptimeMs } from '../../src/keeper/clock.ts';
import { findMarked } from '../../src/keeper/identity.ts';
import type { KeeperSpec } from '../../src/run-records.ts';
import { createRunHost, type RunHost } from '../../src/runners/run-host.ts';
import { endRun, readRun } from '../run-folders.ts';
import { someSpec } from '../samples.ts';
import { until } from '../until.ts';
import { openJit } from './open-jit.ts';
import type { Script } from './simulated-agent.ts';
import { createSimulatedClock } from './simulated-clock.ts';
import { createSimulatedHost } from './simulated-host.ts';

const KEEPER = fileURLToPath(new URL('../../dist/keeper.cjs', import.meta.url));
const FINE = '{"exit":0,"result":{}}';
const LOST = '{"exit":7,"error":{"code":"LOST_CLAIM"}}';

/** The same agent twice: as a shell script and in simulated time. */
const AGENTS = {
  fails: {
    sh: 'echo working; exit 3',
    script: (agent) => {
      agent.print('working\n');
      agent.exit(3);
    },
  },
  hangs: { sh: 'exec sleep 300', script: () => {} },
  stubborn: {
    sh: 'trap "" TERM; echo up; while :; do sleep 0.1; done',
    script: (agent) => {
      agent.ignoreSigterm();
      agent.print('up\n');
    },
  },
  chatty: {
    sh: 'while :; do echo here; sleep 0.1; done',
    script: (agent) => {
      for (let tenth = 0; tenth < 600; tenth += 1)
        agent.at(tenth / 10, () => agent.print('here\n'));
    },
  },
  speaks: {
    sh: 'printf "first line\\nsecond lïne\\n"',
    script: (agent) => {
      agent.print('first line\nsecond lïne\n');
      agent.exit(0);
    },
  },
} as const satisfies Record<string, { sh: string; script: Script }>;
type AgentName = keyof typeof AGENTS;

/** A host with everything that the suite needs around it. */
interface World {
  readonly host: RunHost;
  /** A run of that agent, prepared; gives its name. */
  prepare(agent: AgentName | 'missing', facts?: Partial<KeeperSpec>): string;
  until(what: string, check: () => boolean): Promise<void>;
  killKeeper(run: string): void;
  isAgentAlive(run: string): boolean;
  /** From now on the claims of all runs are lost. */
  takeClaims(): void;
  uptimeMs(): number;
  readonly ends: () => number;
}

function realWorld(): World {
  const root = tempFolder();
  const jit = join(root, 'fake-jit');
  const kept = `[ -e "${root}/taken" ] && echo '${LOST}' || echo '${FINE}'`;
  const answer = `case "$line" in *heartbeat*) ${kept} ;; *) echo '${FINE}' ;; esac`;
  writeFileSync(jit, `#!/bin/sh\nwhile read -r line; do ${answer}; done\n`);
  chmodSync(jit, 0o755);
  let ends = 0;
  let runs = 0;
  const onEnd = () => {
    ends += 1;
  };
  const host = createRunHost({ root, keeperFile: KEEPER, environment: cleanEnv(), onEnd });
  return {
    host,
    prepare(agent, facts) {
      runs += 1;
      const run = `run-${process.pid}-${root.slice(-6)}-${runs}`;
      onTestFinished(() => endRun(join(root, run), run));
      const argv = agent === 'missing' ? ['no-such-agent'] : ['sh', '-c', AGENTS[agent].sh];
      const tracker = { argv: [jit], suffix: [], cwd: root, env: {} };
      const env = { JIT_RUN_ID: run };
      const leased_at_ms = uptimeMs();
      host.prepare(someSpec({ run, argv, cwd: root, env, tracker, leased_at_ms, ...facts }), {
        'issue.json': '{}',
      });
      return run;
    },
    until: async (what, check) => void (await until(what, check)),
    killKeeper(run) {
      const keeper = readRun(join(root, run), 'keeper');
      if (keeper !== null && !('abandoned' in keeper)) process.kill(keeper.pid, 'SIGKILL');
    },
    isAgentAlive: (run) => findMarked('JIT_RUN_ID', run).length > 0,
    uptimeMs,
    takeClaims: () => writeFileSync(join(root, 'taken'), ''),
    ends: () => ends,
  };
}

async function simulatedWorld(): Promise<World> {
  const clock = createSimulatedClock();
  const jit = await openJit(clock);
  const root = tempFolder();
  let ends = 0;
  const host = createSimulatedHost({
    root,
    clock,
    jit,
    onStall: () => {},
    scriptFor: ({ argv: [program = ''] }) => AGENTS[program as AgentName]?.script ?? null,
    onEnd: () => {
      ends += 1;
    },
  });
  const made = await jit.ask('issue', 'create', 'one');
  const issue: string = made.result.id;
  const token = 'a'.repeat(32);
  await jit.ask('issue', 'claim', issue, 'a', '--claim', token, '--ttl', '600');
  let runs = 0;
  let isTaken = false;
  return {
    host,
    prepare(agent, facts) {
      runs += 1;
      const run = `run-${runs}`;
      const argv = [agent === 'missing' ? 'no-such-agent' : agent];
      const leased_at_ms = clock.uptimeMs();
      host.prepare(someSpec({ run, issue, token, argv, leased_at_ms, ...facts }), {
        'issue.json': '{}',
      });
      return run;
    },
    async until(what, check) {
      if (isTaken) await jit.ask('issue', 'release', issue, 'taken', '--claim', token);
      isTaken = false;
      for (let tries = 0; tries < 6_000; tries += 1) {
        if (check()) return;
        await clock.advance(100);
      }
      throw new Error(`did not happen within 10 simulated minutes: ${what}`);
    },
    uptimeMs: clock.uptimeMs,
    killKeeper: host.killKeeper,
    isAgentAlive: host.isAgentAlive,
    takeClaims: () => {
      isTaken = true;
    },
    ends: () => ends,
  };
}

describe.each([
  ['real processes', realWorld],
  ['simulated time', simulatedWorld],
] as const)('a run host over %s', (_, open) => {
  test('starts nothing before it is told to', async () => {
    const { host, prepare } = await open();
    const run = prepare('fails');
    expect(existsSync(join(host.folder(run), 'issue.json'))).toBe(true);
    expect(host.spec(run)).toMatchObject({ run, agent: 'a' });
    expect(host.spec('another')).toBeNull();
    expect(host.look(run)).toEqual({ keeper: null, isKeeperAlive: false, agent: null, exit: null });
    expect(host.hasEnded(run)).toBe(false);
    expect(host.outputTail(run, 100)).toBe('');
  });

  test('shows keeper, agent and end of a run, and says when the keeper is gone', async () => {
    const world = await open();
    const { host } = world;
    const run = world.prepare('fails');
    host.start(run);
    expect(host.hasEnded(run)).toBe(false);
    await world.until('the keeper is gone', () => world.ends() === 1);
    expect(host.hasEnded(run)).toBe(true);
    const look = host.look(run);
    expect(look).toMatchObject({
      keeper: { pid: expect.any(Number) },
      isKeeperAlive: false,
      agent: { pid: expect.any(Number), started_at: expect.any(String) },
      exit: { reason: 'exited', code: 3, signal: null, message: '' },
    });
    expect(look.exit?.started_at).toBe(look.agent?.started_at);
    expect(host.outputTail(run, 100)).toBe('working\n');
  });

  test('gives the last bytes of the output', async () => {
    const world = await open();
    const run = world.prepare('speaks');
    world.host.start(run);
    await world.until('ended', () => world.host.hasEnded(run));
    expect(world.host.outputTail(run, 6)).toBe('lïne\n');
  });

  test('has not ended while the agent lives', async () => {
    const world = await open();
    const run = world.prepare('hangs');
    world.host.start(run);
    await world.until('the agent runs', () => world.host.look(run).agent !== null);
    expect(world.host.look(run)).toMatchObject({ isKeeperAlive: true, exit: null });
    expect(world.host.hasEnded(run)).toBe(false);
    expect(world.isAgentAlive(run)).toBe(true);
    expect(world.host.abandon(run)).toBe(false);
    expect(world.host.hasEnded(run)).toBe(false);
  });

  test('that gave a run up never starts it', async () => {
    const world = await open();
    const run = world.prepare('fails');
    expect(world.host.abandon(run)).toBe(true);
    expect(world.host.abandon(run)).toBe(false);
    world.host.start(run);
    await world.until('the keeper is gone', () => world.ends() === 1);
    expect(world.host.look(run)).toEqual({
      keeper: { abandoned: true },
      isKeeperAlive: false,
      agent: null,
      exit: null,
    });
    expect(world.host.hasEnded(run)).toBe(true);
  });

  test('that is asked for a stop before the keeper is there starts nothing', async () => {
    const world = await open();
    const run = world.prepare('fails');
    world.host.requestStop(run);
    world.host.start(run);
    await world.until('the keeper is gone', () => world.ends() === 1);
    expect(world.host.look(run)).toMatchObject({ keeper: { abandoned: true }, exit: null });
  });

  test.each([
    ['hangs', 'SIGTERM'],
    ['stubborn', 'SIGKILL'],
  ] as const)('stops an agent that %s on request: by %s', async (agent, signal) => {
    const world = await open();
    const run = world.prepare(agent, { stop_grace_secs: 0.5 });
    world.host.start(run);
    const isReady = (): boolean =>
      agent === 'hangs'
        ? world.host.look(run).agent !== null
        : world.host.outputTail(run, 10) === 'up\n';
    await world.until('the agent runs', isReady);
    world.host.requestStop(run);
    await world.until('the keeper is gone', () => world.ends() === 1);
    expect(world.host.look(run).exit).toMatchObject({
      reason: 'canceled',
      message: 'stopped on request',
      code: null,
      signal,
    });
    expect(world.isAgentAlive(run)).toBe(false);
  });

  test('says which program does not exist', async () => {
    const world = await open();
    const run = world.prepare('missing');
    world.host.start(run);
    await world.until('the keeper is gone', () => world.ends() === 1);
    expect(world.host.look(run)).toMatchObject({
      agent: null,
      exit: { reason: 'spawn_failed', message: 'command not found: no-such-agent' },
    });
  });

  test('ends an agent at its time limit', async () => {
    const world = await open();
    const run = world.prepare('chatty', { time_limit_secs: 1 });
    world.host.start(run);
    await world.until('the keeper is gone', () => world.ends() === 1);
    expect(world.host.look(run).exit).toMatchObject({
      reason: 'timed_out',
      message: 'stopped after 1 s (time_limit_secs)',
      signal: 'SIGTERM',
    });
  });

  test('ends an agent that is silent for too long, and no other', async () => {
    const world = await open();
    const stall = { startup_grace_secs: 0, warn_secs: 0.5, notify_secs: 0, stop_secs: 1 };
    const silent = world.prepare('hangs', { stall });
    const chatty = world.prepare('chatty', { stall });
    world.host.start(chatty);
    world.host.start(silent);
    await world.until('the keeper is gone', () => world.ends() === 1);
    expect(world.host.look(silent).exit).toMatchObject({
      reason: 'stalled',
      message: 'stopped after 1 s without a sign of life (stall.stop_secs)',
      signal: 'SIGTERM',
    });
    expect(world.host.look(chatty)).toMatchObject({ isKeeperAlive: true, exit: null });
  });

  test('ends an agent whose claim was lost', async () => {
    const world = await open();
    const run = world.prepare('hangs', {
      ttl_secs: 15,
      leased_at_ms: world.uptimeMs() - 5_000,
    });
    world.takeClaims();
    world.host.start(run);
    await world.until('the keeper is gone', () => world.ends() === 1);
    expect(world.host.look(run).exit).toMatchObject({
      reason: 'lost_claim',
      message: 'stopped: the claim was lost',
    });
  });

  test('shows an orphan, and stops what is left of it', async () => {
    const world = await open();
    const run = world.prepare('hangs');
    world.host.start(run);
    await world.until('the agent runs', () => world.host.look(run).agent !== null);
    world.killKeeper(run);
    await world.until('the run has ended', () => world.host.hasEnded(run));
    expect(world.host.look(run)).toMatchObject({ isKeeperAlive: false, exit: null });
    expect(world.isAgentAlive(run)).toBe(true);
    await world.host.stopOrphan(run, 500);
    expect(world.isAgentAlive(run)).toBe(false);
    expect(world.host.look(run).exit).toBeNull();
  });
});
