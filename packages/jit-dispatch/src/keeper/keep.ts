import { join } from 'node:path';
import {
  type AgentRecord,
  type ExitReason,
  type ExitRecord,
  type KeeperRecord,
  type KeeperSpec,
  RUN_FILES,
} from '../run-records.ts';
import { createOutput } from './agent-output.ts';
import { timestamp, within } from './clock.ts';
import { identityOf, isAlive, isGroupAlive } from './identity.ts';
import { stopGrace } from './lease.ts';
import { openOutputLog } from './output-log.ts';
import { recordEnd } from './record-end.ts';
import { createRecord, readRecord, writeRecord } from './records.ts';
import { secretsOf } from './secrets.ts';
import { stallTerms } from './stall.ts';
import { agentEnvironment, type StartedAgent, startAgent } from './start-agent.ts';
import { stopGroup, stopMarked } from './stop-group.ts';
import { type LeaseWatch, watchLease } from './watch-lease.ts';
import { type StallWatch, watchStall } from './watch-stall.ts';

const DRAIN_MS = 1_000;
const MIN_DRAIN_MS = 50;
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The steps between which the crash tests kill a keeper, in order. */
export const KEEPER_STEPS = ['kept', 'spawned', 'known', 'ended', 'recorded'] as const;
export type KeeperStep = (typeof KEEPER_STEPS)[number];

/** What a keeper gets from the edge of its process. */
export interface KeeperEdge {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Calls back when the keeper is told to stop its agent. */
  onStop(callback: () => void): void;
  /** Marks a step, for the crash tests. */
  step(name: KeeperStep): void;
}

/** Runs one agent to its end and records how it ended. */
export async function keep({ folder, environment, onStop, step }: KeeperEdge): Promise<void> {
  const spec = readRecord<KeeperSpec>(join(folder, RUN_FILES.spec));
  const self = identityOf(process.pid);
  if (spec === null || self === null) throw new Error(`no ${RUN_FILES.spec} in ${folder}`);
  const stop = stopRequest();
  onStop(() => stop.request('canceled'));
  // Created by the dispatcher instead: the run was given up, so no agent may start any more
  // (invariant KEEPER-DECIDES).
  if (!createRecord(join(folder, RUN_FILES.keeper), self satisfies KeeperRecord)) return;

  step('kept');
  const recordExit = (facts: Omit<ExitRecord, 'ended_at'>): Promise<void> => {
    const exit: ExitRecord = { ...facts, ended_at: timestamp() };
    return recordEnd(folder, () => writeRecord(join(folder, RUN_FILES.exit), exit));
  };
  const startedAt = timestamp();
  const given = agentEnvironment(spec, environment);
  const secrets = secretsOf({ token: spec.token, named: spec.secrets, given, environment });
  const log = openOutputLog(folder, spec.output_cap_bytes);
  let stall: StallWatch | null = null;
  const output = createOutput(log, secrets, () => stall?.sign());
  const agent = stop.reason === null ? await startAgent(spec, given, output) : null;
  if (agent === null || typeof agent === 'string') {
    log.close();
    const reason = agent === null ? 'canceled' : 'spawn_failed';
    await recordExit({ reason, message: agent ?? '', code: null, signal: null, started_at: null });
    return;
  }
  step('spawned');
  const limit = setTimeout(
    () => stop.request('timed_out'),
    Math.min(spec.time_limit_secs * 1000, MAX_TIMER_MS),
  );
  try {
    const record: AgentRecord = { ...agent.identity, started_at: startedAt };
    writeRecord(join(folder, RUN_FILES.agent), record);
    step('known');
    const lease = watchLease(spec, environment, {
      onLoss: stop.request,
      onSign: () => stall?.sign(),
    });
    const terms = stallTerms(spec.stall);
    const listener = { look: lease.look, onStop: () => stop.request('stalled') };
    stall = terms && watchStall(folder, terms, listener);
    const { code, signal, reason } = await attend(agent, { spec, stop, lease });
    stall?.end();
    step('ended');
    log.close();
    const message = messageOf(reason, { spec, signal });
    await recordExit({ reason, message, code, signal, started_at: startedAt });
    step('recorded');
    await lease.end();
  } catch (error) {
    await stopGroup(agent.identity, spec.stop_grace_secs * 1000);
    await stopMarked(spec.run, spec.stop_grace_secs * 1000);
    throw error;
  } finally {
    clearTimeout(limit);
    stall?.end();
  }
}

/** Waits for the end of the agent, on request brings it about, and leaves nothing of it behind. */
async function attend(
  agent: StartedAgent,
  { spec, stop, lease }: { spec: KeeperSpec; stop: StopRequest; lease: LeaseWatch },
): Promise<{ code: number | null; signal: string | null; reason: ExitReason }> {
  const fullMs = spec.stop_grace_secs * 1000;
  // Asked anew before each wait: together they end before the lease.
  const graceMs = (): number =>
    stop.reason === 'lease_not_renewed' ? stopGrace(fullMs, lease.leftMs()) : fullMs;
  const group = agent.identity.pid;
  let endedBy: ExitReason = 'exited';
  const stopping = stop.requested.then(() =>
    stopGroup(agent.identity, graceMs(), () => {
      if (isAlive(agent.identity)) endedBy = stop.reason ?? 'exited';
    }),
  );
  const end = await agent.ended;
  // A request that came when the agent had ended by itself did not end it.
  const reason = endedBy;
  const hasChildren = isGroupAlive(group);
  await within(agent.drained, Math.min(DRAIN_MS, Math.max(graceMs(), MIN_DRAIN_MS)));
  if (stop.reason !== null) await stopping;
  // Members seen without a break since the leader ended: the number can't name another group.
  if (hasChildren) await stopGroup(agent.identity, graceMs());
  // Those that left the group, too: they have the token, and the folder is the next run's.
  await stopMarked(spec.run, graceMs());
  agent.cut();
  return { ...end, reason };
}

interface StopRequest {
  readonly reason: ExitReason | null;
  readonly requested: Promise<void>;
  readonly request: (reason: ExitReason) => void;
}

/** The first reason to stop is the one that counts. */
function stopRequest(): StopRequest {
  let reason: ExitReason | null = null;
  let announce = (): void => {};
  const requested = new Promise<void>((resolve) => {
    announce = resolve;
  });
  return {
    get reason() {
      return reason;
    },
    requested,
    request: (because) => {
      reason ??= because;
      announce();
    },
  };
}

/** Signals by which machines and people end programs: an agent that gets one did not fail. */
const FROM_OUTSIDE: readonly (string | null)[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

function messageOf(
  reason: ExitReason,
  { spec, signal }: { spec: KeeperSpec; signal: string | null },
): string {
  switch (reason) {
    case 'timed_out':
      return `stopped after ${spec.time_limit_secs} s (time_limit_secs)`;
    case 'stalled':
      return `stopped after ${spec.stall.stop_secs} s without a sign of life (stall.stop_secs)`;
    case 'lost_claim':
      return 'stopped: the claim was lost';
    case 'lease_not_renewed':
      return 'stopped: the lease could not be renewed in time';
    case 'canceled':
      return 'stopped on request';
    default:
      return FROM_OUTSIDE.includes(signal)
        ? `ended by a ${signal} that its keeper did not send`
        : '';
  }
}
