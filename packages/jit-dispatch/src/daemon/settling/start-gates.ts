import type { Run } from '../../ledger/run.ts';
import type { RunEnd } from '../../planning/settle.ts';
import type { KeeperSpec } from '../../run-records.ts';
import { PASSED } from '../../runners/passed.ts';
import { gatesPhase, phaseOf } from '../../runners/phases.ts';
import type { Dispatcher } from '../dispatcher.ts';

const OUTPUT_CAP_BYTES = 10 * 1024 * 1024;

/**
 * Begins a try of the exit gates of a run: journalled, then handed to a keeper of their own, whose
 * agent is `jit gate run`. So lease, time limit and crashes are those of an agent, and `jit` alone
 * decides what the result means.
 */
export function startGates(dispatcher: Dispatcher, run: Run, leasedAtMs: number): void {
  const { host, ledger, log, now, uptimeMs } = dispatcher;
  const { issue, agent } = run;
  const n = run.gate_tries + 1;
  const phase = gatesPhase(run.run, n);
  ledger.record(
    run.run,
    { type: 'gating', at: now().toISOString(), data: { try: n, uptime_ms: uptimeMs() } },
    { state: 'idle', gate_tries: n },
  );
  dispatcher.step('gating');
  log({ level: 'info', event: 'gates', message: `try ${n}`, issue, agent, run: run.run });
  try {
    host.prepare(gatesSpec(dispatcher, run, leasedAtMs), {}, phase);
    dispatcher.step('gates_prepared');
    host.start(phase);
  } catch (error) {
    // It is begun again when its keeper is overdue.
    const message = `the gates could not be prepared: ${error instanceof Error ? error.message : String(error)}`;
    log({ level: 'error', event: 'error', message, issue, agent, run: run.run });
  }
  dispatcher.step('gates_started');
}

function gatesSpec(dispatcher: Dispatcher, run: Run, leasedAtMs: number): KeeperSpec {
  const { config, host, name, place } = dispatcher;
  const { tracker, jitDir, path } = place;
  const began = host.spec(run.run);
  const agent = config.agents.find(({ id }) => id === run.agent);
  const passed = began?.pass_env ?? [...PASSED, ...(agent?.passEnv ?? [])];
  const isHere = jitDir !== null;
  const gateRun = ['gate', 'run', run.issue, '--actor', `jit-dispatch:${name}`, '--json'];
  return {
    run: run.run,
    issue: run.issue,
    agent: run.agent,
    attempt: run.attempt ?? 0,
    argv: [...tracker.argv, ...gateRun, ...tracker.suffix],
    cwd: began?.cwd ?? place.cwd,
    workspace: null,
    // A checker here gets what the agent got. Elsewhere, what the way there needs is not known.
    pass_env: isHere ? [...new Set([...passed, 'XDG_*'])] : ['*'],
    env: {
      ...(path === null ? {} : { PATH: path }),
      ...tracker.env,
      ...(isHere ? { JIT_DIR: jitDir } : {}),
      ...(began?.workspace ? { JIT_WORKSPACE: began.workspace.path } : {}),
      JIT_CLAIM: run.token,
      JIT_ISSUE_ID: run.issue,
      JIT_RUN_ID: run.run,
    },
    stdin: null,
    tracker,
    token: run.token,
    ttl_secs: place.leaseSecs,
    leased_at_ms: leasedAtMs,
    time_limit_secs: config.qa.timeoutSecs,
    stop_grace_secs: place.stopGraceSecs,
    output_cap_bytes: OUTPUT_CAP_BYTES,
    // Checkers have time limits of their own, and may be silent for as long.
    stall: { startup_grace_secs: 0, warn_secs: 0, notify_secs: 0, stop_secs: 0 },
    secrets: [],
  };
}

/** The end of a try of the gates, with what `jit` said about it. */
export function gatesEnd({ host }: Dispatcher, run: Run, end: RunEnd): RunEnd {
  if (end.reason !== 'exited' || end.code === 0) return end;
  const printed = host.outputTail(phaseOf(run), OUTPUT_CAP_BYTES);
  return { ...end, message: errorMessage(printed) ?? end.message };
}

/** How often the gates of a run were run, without the tries that were stopped from here. */
export function countTries({ host }: Dispatcher, run: Run): number {
  const tries = Array.from({ length: run.gate_tries }, (_, index) => index + 1);
  return tries.filter((n) => host.look(gatesPhase(run.run, n)).exit?.reason !== 'canceled').length;
}

function errorMessage(printed: string): string | null {
  try {
    const document: unknown = JSON.parse(printed.slice(printed.indexOf('{')));
    const { error } = document as { error?: { message?: unknown } };
    return typeof error?.message === 'string' ? error.message : null;
  } catch {
    return null;
  }
}
