import { join } from 'node:path';
import type { Style } from '@jit/cli-kit/style';
import { JitError } from '@jit/contract/errors';
import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatch';
import { type DispatchContext, defineCommand } from '../context.ts';
import { readHolder } from '../daemon/lifecycle/instance-lock.ts';
import { readHealths } from '../daemon/looking/agent-healths.ts';
import { readHeld, toClaims } from '../daemon/looking/held.ts';
import type { AgentHealth } from '../planning/breaker.ts';
import { readStall } from '../runners/read-run.ts';
import { oneLine } from '../views/one-line.ts';
import { renderRuns } from '../views/render-runs.ts';
import { toRunOutput } from '../views/to-run-output.ts';

export const status = defineCommand({
  path: 'status',
  summary: 'Show the dispatcher, its agents and what runs',
  examples: [{ argv: 'status', does: 'who is working on what' }],
  output: 'DispatcherStatus',
  exits: ['10 the tracker could not be asked; everything else is shown all the same'],
  async run(context): Promise<DispatcherStatusOutput> {
    const ledger = await context.readLedger();
    const live = ledger?.liveRuns() ?? [];
    const holder = readHolder(context.folder);
    const { claims, tracker } = await askTracker(context);
    const healths = readHealths(context.config, [ledger], context.now());
    const lastError = ledger?.getMeta('last_error') ?? null;
    const rebuilt = ledger?.getMeta('rebuilt') ?? null;
    return {
      name: context.name,
      dir: context.folder,
      daemon: holder?.command === 'start' ? { pid: holder.pid, since: holder.since } : null,
      tracker,
      agents: context.config.agents.map(({ id, capacity }) => ({
        id,
        capacity,
        running: live.filter((run) => run.agent === id).length,
        claimed: claims?.get(id)?.length ?? null,
        ...restOf(healths.get(id)),
      })),
      last_error: lastError === null ? null : JSON.parse(lastError),
      rebuilt: rebuilt === null ? null : JSON.parse(rebuilt),
      runs: live.map((run) => toRunOutput(run, readStall(join(context.folder, 'runs', run.run)))),
    };
  },
  render: renderStatus,
  exit: ({ tracker }) => (tracker.ok ? null : 'external'),
});

function restOf(
  health: AgentHealth | undefined,
): Pick<DispatcherStatusOutput['agents'][number], 'resting_until' | 'why'> {
  if (health === undefined || health.is === 'well') return { resting_until: null, why: null };
  const until = health.is === 'resting' ? new Date(health.until).toISOString() : null;
  return { resting_until: until, why: health.why };
}

async function askTracker({ locateTracker, config }: DispatchContext): Promise<{
  claims: ReadonlyMap<string, readonly string[]> | null;
  tracker: DispatcherStatusOutput['tracker'];
}> {
  try {
    const { tracker } = await locateTracker();
    const agents = config.agents.map(({ id }) => id);
    const [ready, held] = await Promise.all([tracker.ready(), readHeld(tracker, agents)]);
    return { claims: toClaims(held), tracker: { ok: true, ready: ready.length, error: null } };
  } catch (error) {
    if (!(error instanceof JitError)) throw error;
    return { claims: null, tracker: { ok: false, ready: null, error: error.message } };
  }
}

async function renderStatus(status: DispatcherStatusOutput, style: Style): Promise<string> {
  const { daemon, tracker, last_error, rebuilt } = status;
  const agents = status.agents.map(({ id, capacity, running, claimed, resting_until, why }) => [
    id,
    `${running}/${capacity}`,
    claimed === null ? '?' : String(claimed),
    why === null
      ? ''
      : oneLine(`${resting_until === null ? 'tried' : `rests until ${resting_until}`}: ${why}`),
  ]);
  return [
    `dispatcher  ${style.bold(status.name)}  ${daemon ? `running, pid ${daemon.pid} since ${daemon.since}` : 'no daemon'}`,
    tracker.ok
      ? `tracker     ${tracker.ready} ready`
      : `tracker     ${style.red(oneLine(tracker.error ?? 'failed'))}`,
    ...(last_error
      ? [`last error  ${last_error.at} ${style.red(oneLine(last_error.message))}`]
      : []),
    ...(rebuilt ? [`rebuilt     ${rebuilt.at} ${style.yellow(oneLine(rebuilt.message))}`] : []),
    '',
    await style.table(agents, ['AGENT', 'RUNNING', 'CLAIMED', 'HEALTH']),
    ...(status.runs.length === 0 ? [] : ['', await renderRuns(status.runs, style)]),
  ].join('\n');
}
