import type { Cancel } from '../../src/daemon/timers.ts';
import { judge } from '../../src/keeper/heartbeat.ts';
import { leaseStep, leaseTerms, stopGrace } from '../../src/keeper/lease.ts';
import { type StallStage, stallStep, stallTerms, startOfStall } from '../../src/keeper/stall.ts';
import type {
  AgentRecord,
  ExitReason,
  ExitRecord,
  KeeperSpec,
  ProcessIdentity,
} from '../../src/run-records.ts';
import type { OpenJit } from './open-jit.ts';
import { type RunningAgent, type Script, startScript } from './simulated-agent.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** Where a keeper lives. */
export interface KeeperPlace {
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
  const { clock, jit, script, onStall, onGone } = place;
  const identityOf = (): ProcessIdentity => ({
    pid: place.newPid(),
    start_time: String(clock.uptimeMs()),
    boot_id: 'simulated',
  });
  const startedAt = clock.now().toISOString();
  const watches: Cancel[] = [];
  let agent: AgentRecord | null = null;
  let exit: ExitRecord | null = null;
  let output = '';
  let isAlive = true;
  let process: RunningAgent | null = null;
  let reason: ExitReason | null = null;
  const lease = watchLease(spec, place, (why) => request(why));
  let hasPrinted = false;

  const recordExit = (facts: Omit<ExitRecord, 'ended_at'>): void => {
    exit = { ...facts, ended_at: clock.now().toISOString() };
  };
  const leave = (): void => {
    for (const cancel of watches) cancel();
    if (!isAlive) return;
    isAlive = false;
    onGone();
  };

  const request = (why: ExitReason): void => {
    if (reason !== null || !isAlive) return;
    reason = why;
    const fullMs = spec.stop_grace_secs * 1000;
    const graceMs = why === 'lease_not_renewed' ? stopGrace(fullMs, lease.leftMs()) : fullMs;
    process?.signal('SIGTERM');
    watches.push(clock.timers.after(graceMs, () => process?.signal('SIGKILL')));
  };

  const watchSilence = (): void => {
    const terms = stallTerms(spec.stall);
    if (terms === null) return;
    let state = startOfStall(terms, clock.uptimeMs());
    const look = (): void => {
      const { stage } = state;
      state = stallStep(terms, state, { now: clock.uptimeMs(), hasSign: hasPrinted });
      hasPrinted = false;
      if (state.stage !== stage) onStall(spec, state.stage);
      if (state.stage === 'stopped') request('stalled');
    };
    watches.push(clock.timers.every(terms.tick, look));
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
      isAlive = false;
      for (const cancel of watches) cancel();
      onGone();
    },
  };

  if (script === null) {
    const message = `command not found: ${spec.argv[0]}`;
    recordExit({ reason: 'spawn_failed', message, code: null, signal: null, started_at: null });
    leave();
    return keeper;
  }
  agent = { ...identityOf(), started_at: startedAt };
  watches.push(
    lease.cancel,
    clock.timers.after(spec.time_limit_secs * 1000, () => request('timed_out')),
  );
  watchSilence();
  process = startScript(
    script,
    { spec, clock, jit },
    {
      onPrint(text) {
        output += text;
        hasPrinted = true;
      },
      onEnd(end) {
        if (!isAlive) return;
        const why = reason ?? 'exited';
        recordExit({ reason: why, message: messageOf(why, spec), ...end, started_at: startedAt });
        for (const cancel of watches) cancel();
        void lease.end().then(leave);
      },
    },
  );
  return keeper;
}

/** The lease of a running agent: the terms and steps of the real keeper, the answers of the real jit. */
function watchLease(
  spec: KeeperSpec,
  { clock, jit }: KeeperPlace,
  onLoss: (reason: 'lost_claim' | 'lease_not_renewed') => void,
) {
  const ttlMs = spec.ttl_secs * 1000;
  const terms = leaseTerms(ttlMs, spec.stop_grace_secs * 1000);
  let renewedAt = spec.leased_at_ms;
  let triedAt = renewedAt;
  let tickedAt = clock.uptimeMs();
  let isRenewing = false;
  let isKept = true;

  const renew = async (): Promise<void> => {
    isRenewing = true;
    triedAt = clock.uptimeMs();
    const askedAt = triedAt;
    const input = [
      ['issue', 'heartbeat', spec.issue, '--claim', spec.token],
      ['issue', 'show', spec.issue],
    ].map((line) => `${JSON.stringify(line)}\n`);
    const answer = judge(await jit.lines(input.join('')), spec.attempt);
    isRenewing = false;
    if (answer === 'renewed') renewedAt = askedAt;
    else if (answer === 'finished') stopWatching();
    else if (answer === 'lost') lose('lost_claim');
  };
  const stopWatching = (): void => {
    isKept = false;
    cancel();
  };
  const lose = (reason: 'lost_claim' | 'lease_not_renewed'): void => {
    if (!isKept) return;
    stopWatching();
    onLoss(reason);
  };
  const cancel = clock.timers.every(terms.tick, () => {
    const now = clock.uptimeMs();
    const step = leaseStep(terms, { now, tickedAt, renewedAt, triedAt, isRenewing });
    tickedAt = now;
    if (step === 'renew') void renew();
    else if (step === 'stop') lose('lease_not_renewed');
  });

  return {
    cancel,
    leftMs: () => renewedAt + ttlMs - clock.uptimeMs(),
    async end() {
      const isStale = isKept && clock.uptimeMs() - renewedAt > ttlMs / 6;
      stopWatching();
      if (isStale) await renew();
    },
  };
}

function messageOf(reason: ExitReason, spec: KeeperSpec): string {
  if (reason === 'timed_out') return `stopped after ${spec.time_limit_secs} s (time_limit_secs)`;
  if (reason === 'stalled') return `stopped after ${spec.stall.stop_secs} s of silence`;
  if (reason === 'lost_claim') return 'stopped: the claim was lost';
  if (reason === 'lease_not_renewed') return 'stopped: the lease could not be renewed in time';
  return reason === 'canceled' ? 'stopped on request' : '';
}
