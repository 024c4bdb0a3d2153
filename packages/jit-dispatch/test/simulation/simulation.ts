import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { fixedConfig } from '../../src/config/live-config.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Dispatcher } from '../../src/daemon/dispatcher.ts';
import { runLoop } from '../../src/daemon/lifecycle/loop.ts';
import { createMailbox, type Mailbox } from '../../src/daemon/lifecycle/mailbox.ts';
import { createShutdown } from '../../src/daemon/lifecycle/shutdown.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import type { KeeperSpec, StallStage } from '../../src/run-records.ts';
import { createJitCli } from '../../src/tracker/jit-cli.ts';
import { openDispatcher } from '../../src/workbench/open-dispatcher.ts';
import { type OpenJit, openJit } from './open-jit.ts';
import type { Script } from './simulated-agent.ts';
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts';
import { createSimulatedHost, type SimulatedHost } from './simulated-host.ts';
import { createTimeLine, type TimeLine } from './time-line.ts';

/** What an agent does in its n-th run of this simulation, counted from 1. */
export type Agents = Readonly<Record<string, (nth: number, spec: KeeperSpec) => Script | null>>;

/** A daemon in simulated time: its code, its configuration and its jit are the real ones. */
export interface Simulation {
  readonly clock: SimulatedClock;
  readonly jit: OpenJit;
  readonly host: SimulatedHost;
  readonly dispatcher: Dispatcher;
  readonly timeLine: TimeLine;
  /** Creates an issue under a name that the time line shows; a second goes by. */
  create(name: string, ...flags: readonly string[]): Promise<string>;
  /** Starts the daemon. */
  start(): void;
  /** Stops the daemon, with its agents, and waits for it. */
  stop(): Promise<void>;
}

/** Changes in `.jit` are announced so long after they happened. */
const WATCH_MS = 50;

/** @param toml the agents; every other setting is the default */
export async function createSimulation(toml: string, agents: Agents): Promise<Simulation> {
  const clock = createSimulatedClock();
  const jit = await openJit(clock);
  const timeLine = createTimeLine(clock);
  const file = join(jit.root, 'dispatch.toml');
  writeFileSync(file, `name = "simulated"\n${toml}`);
  const { config, warnings } = await loadConfig(file);
  if (warnings.length > 0) throw new Error(warnings.join('\n'));
  const folder = join(jit.root, '.jit-dispatch', 'simulated');
  mkdirSync(join(folder, 'runs'), { recursive: true });
  const ledger = openLedger(join(folder, 'ledger.db'));
  onTestFinished(() => ledger.close());

  const mailbox = createMailbox(clock.timers);
  let loopWaits = true;
  const watched: Mailbox = {
    post: mailbox.post,
    async next(timeoutMs) {
      loopWaits = true;
      const wakes = await mailbox.next(timeoutMs);
      loopWaits = false;
      return wakes;
    },
  };
  let failure: unknown = null;
  clock.goesOnWhen(() => {
    if (failure !== null) throw failure;
    return loopWaits;
  });
  let isAnnounced = false;
  jit.onWrite(() => {
    if (isAnnounced) return;
    isAnnounced = true;
    clock.timers.after(WATCH_MS, () => {
      isAnnounced = false;
      mailbox.post('changed');
    });
  });

  const counts = new Map<string, number>();
  const host = createSimulatedHost({
    root: join(folder, 'runs'),
    clock,
    jit,
    scriptFor(spec) {
      const nth = (counts.get(spec.agent) ?? 0) + 1;
      counts.set(spec.agent, nth);
      const script = agents[spec.agent]?.(nth, spec) ?? null;
      timeLine.note(
        'agent',
        spec,
        script === null ? 'does not exist' : `starts, attempt ${spec.attempt}`,
      );
      return script;
    },
    onStall: (spec, stage) => timeLine.note('silence', spec, STAGES[stage]),
    onEnd: () => mailbox.post('run-ended'),
  });
  const program = { argv: ['jit'], suffix: [], cwd: jit.root, env: {} };
  const actor = 'jit-dispatch:simulated';
  const tracker = createJitCli({ program, environment: {}, timeoutMs: 0, actor, run: jit.run });
  const located = {
    tracker,
    program,
    jitDir: join(jit.root, '.jit'),
    workFolder: jit.root,
    path: null,
  };
  let ids = 0;
  const nextId = (): number => {
    ids += 1;
    return ids;
  };
  const dispatcher: Dispatcher = {
    ...openDispatcher(
      {
        name: 'simulated',
        repository: '',
        live: fixedConfig(config),
        folder,
        keeperFile: '',
        environment: {},
        ledger,
        located,
        now: clock.now,
        write: () => {},
      },
      { logFormat: null, onEnd: () => {} },
    ),
    host,
    log: timeLine.log,
    baseLog: timeLine.log,
    random: fixedRandom(),
    uptimeMs: clock.uptimeMs,
    timers: clock.timers,
    newRunId: () => `run-${nextId()}`,
    newToken: () => nextId().toString(16).padStart(32, '0'),
  };
  const { drainSecs, stopGraceSecs } = config;
  const shutdown = createShutdown(
    { drainMs: drainSecs * 1000, stopMs: stopGraceSecs * 1000 },
    clock.uptimeMs,
  );
  let loop: Promise<unknown> = Promise.resolve();

  return {
    clock,
    jit,
    host,
    dispatcher,
    timeLine,
    async create(name, ...flags) {
      const { result, error } = await jit.ask('issue', 'create', '--title', name, ...flags);
      if (result === undefined) throw new Error(error?.message);
      timeLine.name(result.id, name);
      await clock.advance(1_000);
      return result.id;
    },
    start() {
      loopWaits = false;
      loop = runLoop([dispatcher], watched, shutdown)
        .catch((error: unknown) => {
          failure = error ?? 'the loop failed';
        })
        .finally(() => {
          loopWaits = true;
        });
    },
    async stop() {
      shutdown.advance();
      shutdown.advance();
      mailbox.post('stop');
      await clock.advance(60_000);
      await loop;
    },
  };
}

const STAGES: Readonly<Record<StallStage, string>> = {
  none: 'life is back',
  warned: 'warn',
  notified: 'notify',
  stopped: 'stop',
};

/** The same numbers in every run: jitter that can be looked up. */
export function fixedRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
