import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import { LIVE_RUN_STATES } from '@jit/contract/vocabulary';
import type { Pulse } from '../daemon/pulse.ts';
import type { OverviewTable } from '../ledger/overview.ts';

/** What metrics are made from, at the moment they are asked for. */
export interface Measured {
  readonly version: string;
  readonly status: DispatcherStatusOutput;
  readonly totals: ReturnType<OverviewTable['totals']>;
  readonly pulse: Pulse;
}

const HEALTHS = ['well', 'trying', 'resting', 'unhealthy', 'paused'] as const;

/**
 * Metrics in Prometheus' text form. Nothing is counted along: totals are read from the ledgers, so a
 * restart loses none.
 */
export async function createMetrics(
  measure: () => Measured,
): Promise<() => Promise<{ text: string; type: string }>> {
  const { collectDefaultMetrics, Counter, Gauge, Registry } = await import('prom-client');
  const ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });

  return async () => {
    const { version, status, totals, pulse } = measure();
    const register = new Registry();
    const registers = [register];
    const gauge = (name: string, help: string, labelNames: string[] = []) =>
      new Gauge({ name: `jit_dispatch_${name}`, help, labelNames, registers });
    const counter = (name: string, help: string, labelNames: string[] = []) =>
      new Counter({ name: `jit_dispatch_${name}`, help, labelNames, registers });

    gauge('build_info', 'the version that runs', ['version']).set({ version }, 1);
    gauge('paused', '1: nothing is started, by a person').set(status.paused === null ? 0 : 1);
    const ready = gauge('ready_issues', 'ready issues that the last cycle saw', ['repository']);
    const answers = gauge('tracker_up', '1: the last cycle got through', ['repository']);
    for (const { name: repository, tracker } of status.repositories) {
      if (tracker.ready !== null) ready.set({ repository }, tracker.ready);
      answers.set({ repository }, tracker.ok ? 1 : 0);
    }
    const live = gauge('live_runs', 'runs that take a slot', ['agent', 'state']);
    const capacity = gauge('agent_capacity', 'issues at a time', ['agent']);
    const used = gauge('agent_used', 'slots taken by runs of this dispatcher', ['agent']);
    const health = gauge('agent_health', '1 for how it does', ['agent', 'health']);
    for (const each of status.agents) {
      const { id: agent } = each;
      capacity.set({ agent }, each.capacity);
      used.set({ agent }, each.running);
      for (const name of HEALTHS) health.set({ agent, health: name }, each.health === name ? 1 : 0);
      for (const state of LIVE_RUN_STATES) live.set({ agent, state }, 0);
    }
    for (const { agent, state } of status.runs) live.inc({ agent, state });
    const waiting = gauge('waiting_issues', 'ready issues that are not started', ['reason']);
    for (const { reason } of status.waiting) waiting.inc({ reason });
    gauge('open_escalations', 'issues that a person has to look at').set(status.escalated.length);

    const started = counter('runs_started_total', 'runs whose agent was started', ['agent']);
    const ended = counter('runs_ended_total', 'runs that ended', ['agent', 'outcome', 'failed']);
    for (const { agent, state, failed, runs, started: begun } of totals) {
      started.inc({ agent }, begun);
      if (!LIVE_RUN_STATES.some((each) => each === state))
        ended.inc({ agent, outcome: state, failed: failed ?? '' }, runs);
    }
    counter('cycles_total', 'cycles of this process').inc(pulse.cycles);
    counter('cycles_failed_total', 'those that failed').inc(pulse.failed);
    counter('cycle_seconds_total', 'what all cycles took').inc(pulse.totalMs / 1000);
    if (pulse.lastMs !== null)
      gauge('last_cycle_seconds', 'what the last cycle took').set(pulse.lastMs / 1000);
    const texts = await Promise.all([register.metrics(), ofProcess.metrics()]);
    return { text: texts.join('\n'), type: register.contentType };
  };
}
