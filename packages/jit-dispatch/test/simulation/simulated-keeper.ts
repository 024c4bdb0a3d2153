import { join } from 'node:path';
import type { KeeperTime } from '../../src/keeper/clock.ts';
import { heartbeat } from '../../src/keeper/heartbeat.ts';
import { stopGrace } from '../../src/keeper/lease.ts';
import { readRecord } from '../../src/keeper/records.ts';
import { stallTerms } from '../../src/keeper/stall.ts';
import { type LeaseWatch, watchLease } from '../../src/keeper/watch-lease.ts';
import { type StallWatch, watchStall } from '../../src/keeper/watch-stall.ts';
import {
  type AgentRecord,
  type ExitReason,
  type ExitRecord,
  type KeeperSpec,
  type ProcessIdentity,
  RUN_FILES,
  type StallRecord,
  type StallStage,
} from '../../src/run-records.ts';
import type { Cancel } from '../../src/timers.ts';
import type { OpenJit } from './open-jit.ts';
import { type RunningAgent, type Script, startScript } from './simulated-agent.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** Where a keeper lives. */
export interface KeeperPlace {
  /** Of the run. */
  readonly folder: string;
  readonly clock: SimulatedClock;
  readonly jit: OpenJit;
  /** A process number that nobody has. */
  newPid(): number;
  /** Null: there is no such program. */
  readonly script: Script | null;
  /** Told when silence climbs the ladder, or life returns. */
  onStall(spec: KeeperSpec, stage: StallStage): void;
  /** Told when the keeper has ended. */
  onGone(): void;
}

/** A keeper in simulated time: its decisions are the real ones, its effects are the simulation's. */
export interface SimulatedKeeper {
  readonly identity: ProcessIdentity;
  readonly agent: AgentRecord | null;
  readonly exit: ExitRecord | null;
  readonly output: string;
  readonly isAlive: boolean;
  readonly process: RunningAgent | null;
  /** SIGTERM: it stops its agent. */
  terminate(): void;
  /** SIGKILL: nobody looks after its agent any more. */
  kill(): void;
}

/** Starts a keeper and its agent. */
export function startKeeper(spec: KeeperSpec, place: KeeperPlace): SimulatedKeeper {
  const { clock, jit, folder, script, onStall, onGone } = place;
  const time: KeeperTime = {
    uptimeMs: clock.uptimeMs,
    timestamp: () => clock.now().toISOString(),
    every: clock.timers.every,
  };
  const identityOf = (): ProcessIdentity => ({
    pid: place.newPid(),
    start_time: String(clock.uptimeMs()),
    boot_id: 'simulated',
  });
  const startedAt = time.timestamp();
  const planned: Cancel[] = [];
  let agent: AgentRecord | null = null;
  let exit: ExitRecord | null = null;
  let output = '';
  let isAlive = true;
  let process: RunningAgent | null = null;
  let reason: ExitReason | null = null;
  let lease: LeaseWatch | null = null;
  let stall: StallWatch | null = null;

  const recordExit = (facts: Omit<ExitRecord, 'ended_at'>): void => {
    exit = { ...facts, ended_at: time.timestamp() };
  };
  const endWatches = (): void => {
    stall?.end();
    for (const cancel of planned) cancel();
  };
  const leave = (): void => {
    if (!isAlive) return;
    isAlive = false;
    onGone();
  };
  const request = (why: ExitReason): void => {
    if (reason !== null || !isAlive || !process?.isAlive) return;
    reason = why;
    const fullMs = spec.stop_grace_secs * 1000;
    const leftMs = lease?.leftMs() ?? 0;
    const graceMs = why === 'lease_not_renewed' ? stopGrace(fullMs, leftMs) : fullMs;
    planned.push(clock.timers.after(graceMs, () => process?.signal('SIGKILL')));
    process.signal('SIGTERM');
  };

  const keeper: SimulatedKeeper = {
    identity: identityOf(),
    get agent() {
      return agent;
    },
    get exit() {
      return exit;
    },
    get output() {
      return output;
    },
    get isAlive() {
      return isAlive;
    },
    get process() {
      return process;
    },
    terminate: () => request('canceled'),
    kill() {
      if (!isAlive) return;
      endWatches();
      leave();
    },
  };

  if (script === null) {
    const message = `command not found: ${spec.argv[0]}`;
    recordExit({ reason: 'spawn_failed', message, code: null, signal: null, started_at: null });
    leave();
    return keeper;
  }
  agent = { ...identityOf(), started_at: startedAt };
  planned.push(clock.timers.after(spec.time_limit_secs * 1000, () => request('timed_out')));
  // A keeper that was killed renews nothing any more.
  const every: KeeperTime['every'] = (ms, callback) => {
    const cancel = clock.timers.every(ms, callback);
    planned.push(cancel);
    return cancel;
  };
  lease = watchLease(
    spec,
    {},
    { onLoss: request, onSign: () => stall?.sign() },
    {
      time: { ...time, every },
      ask: (about, environment, limitMs) =>
        heartbeat(about, environment, limitMs, (_, { input }) => jit.lines(input)),
    },
  );
  const terms = stallTerms(spec.stall);
  const listener = { look: lease.look, onStop: () => request('stalled') };
  let stage: StallStage = 'none';
  const tell = (): void => {
    const now = readRecord<StallRecord>(join(folder, RUN_FILES.stall))?.stage ?? 'none';
    if (now !== stage) onStall(spec, now);
    stage = now;
  };
  const thenTell: KeeperTime['every'] = (ms, callback) =>
    every(ms, () => {
      callback();
      // The look comes a moment after its timer.
      setImmediate(tell);
    });
  stall = terms && watchStall(folder, terms, listener, { ...time, every: thenTell });
  process = startScript(
    script,
    { spec, clock, jit },
    {
      onPrint(text) {
        output += text;
        stall?.sign();
      },
      onEnd(end) {
        endWatches();
        if (!isAlive) return;
        const why = reason ?? 'exited';
        recordExit({ reason: why, message: messageOf(why, spec), ...end, started_at: startedAt });
        void lease?.end().then(leave);
      },
    },
  );
  return keeper;
}

function messageOf(reason: ExitReason, spec: KeeperSpec): string {
  if (reason === 'timed_out') return `stopped after ${spec.time_limit_secs} s (time_limit_secs)`;
  if (reason === 'stalled')
    return `stopped after ${spec.stall.stop_secs} s without a sign of life (stall.stop_secs)`;
  if (reason === 'lost_claim') return 'stopped: the claim was lost';
  if (reason === 'lease_not_renewed') return 'stopped: the lease could not be renewed in time';
  return reason === 'canceled' ? 'stopped on request' : '';
}
