import { join } from 'node:path';
import {
  type AgentRecord,
  type ExitReason,
  type ExitRecord,
  type KeeperRecord,
  type KeeperSpec,
  RUN_FILES,
} from '../run-records.ts';
import type { WorkspaceStep } from '../workspaces/prepare.ts';
import { createOutput, type OpenOutput } from './agent-output.ts';
import { timestamp, within } from './clock.ts';
import { identityOf, isAlive, isGroupAlive } from './identity.ts';
import { stopGrace } from './lease.ts';
import { openWorkspace, type RunWorkspace, type StopSource } from './open-workspace.ts';
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
  step(name: KeeperStep | WorkspaceStep): void;
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
  const given = agentEnvironment(spec, environment);
  const secrets = secretsOf({ token: spec.token, named: spec.secrets, given, environment });
  const log = openOutputLog(folder, spec.output_cap_bytes);
  let stall: StallWatch | null = null;
  const output = createOutput(log, secrets, () => stall?.sign());
  // From here on: to make a workspace ready may take longer than a lease.
  const lease = watchLease(spec, environment, {
    onLoss: stop.request,
    onSign: () => stall?.sign(),
  });
  let workspace: RunWorkspace | null = null;
  let agent: StartedAgent | null = null;
  let limit: NodeJS.Timeout | undefined;
  try {
    const opened = await openWorkspace(spec, { given, output, stop, step });
    workspace = typeof opened === 'string' ? null : opened;
    const outputFrom = log.position();
    const startedAt = timestamp();
    const started = await startIn(opened, spec, { stop, given, output });
    if (isUnstarted(started)) {
      log.close();
      workspace?.release();
      await recordExit({ ...started, code: null, signal: null, started_at: null });
      return;
    }
    agent = started;
    step('spawned');
    if (spec.time_limit_secs > 0)
      limit = setTimeout(
        () => stop.request('timed_out'),
        Math.min(spec.time_limit_secs * 1000, MAX_TIMER_MS),
      );
    const record: AgentRecord = { ...agent.identity, started_at: startedAt };
    writeRecord(join(folder, RUN_FILES.agent), record);
    step('known');
    const terms = stallTerms(spec.stall);
    const listener = { look: lease.look, onStop: () => stop.request('stalled') };
    stall = terms && watchStall(folder, terms, listener);
    const { code, signal, reason } = await attend(agent, { spec, stop, lease });
    stall?.end();
    clearTimeout(limit);
    step('ended');
    const agentOutput = { from: outputFrom, to: log.position() };
    await workspace?.leave();
    log.close();
    const message = messageOf(reason, { spec, signal });
    const facts = { reason, message, code, signal, started_at: startedAt };
    await recordExit({ ...facts, agent_output: agentOutput });
    step('recorded');
  } catch (error) {
    if (agent !== null) await stopGroup(agent.identity, spec.stop_grace_secs * 1000);
    await stopMarked(spec.run, spec.stop_grace_secs * 1000);
    throw error;
  } finally {
    clearTimeout(limit);
    stall?.end();
    await lease.end();
  }
}

/** Why an agent was not started. */
type Unstarted = Pick<ExitRecord, 'reason' | 'message'>;

function isUnstarted(started: StartedAgent | Unstarted): started is Unstarted {
  return 'reason' in started;
}

/** Starts the agent where it is to work, as long as nobody wants it stopped. */
async function startIn(
  workspace: RunWorkspace | string,
  spec: KeeperSpec,
  { stop, given, output }: { stop: StopRequest; given: NodeJS.ProcessEnv; output: OpenOutput },
): Promise<StartedAgent | Unstarted> {
  if (stop.reason !== null)
    return { reason: stop.reason, message: messageOf(stop.reason, { spec, signal: null }) };
  const problem = typeof workspace === 'string' ? workspace : workspace.problem();
  if (problem !== null) return { reason: 'workspace_failed', message: problem };
  const agent = await startAgent(spec, given, output);
  return typeof agent === 'string' ? { reason: 'spawn_failed', message: agent } : agent;
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

interface StopRequest extends StopSource {
  readonly requested: Promise<void>;
  readonly request: (reason: ExitReason) => void;
}

/** The first reason to stop is the one that counts. */
function stopRequest(): StopRequest {
  let reason: ExitReason | null = null;
  const listeners: (() => void)[] = [];
  const requested = new Promise<void>((resolve) => {
    listeners.push(resolve);
  });
  return {
    get reason() {
      return reason;
    },
    requested,
    request: (because) => {
      reason ??= because;
      for (const listener of listeners) listener();
    },
    onRequest: (listener) => void listeners.push(listener),
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
