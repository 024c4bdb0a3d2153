import type { Run } from '../../ledger/run.ts';
import { judgeRun, KEEPER_DIED, NEVER_STARTED } from '../../planning/judge-run.ts';
import type { RunEnd } from '../../planning/settle.ts';
import { phaseOf } from '../../runners/phases.ts';
import type { RunLook } from '../../runners/run-host.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { adopt, noteInherited } from './adopt.ts';
import { endDeafKeeper } from './end-deaf-keeper.ts';
import { noteStopping } from './note-stopping.ts';

/** A run whose processes have ended and whose issue is to be settled. */
export interface FinishedRun {
  readonly run: Run;
  readonly end: RunEnd;
}

/** The live runs of the ledger, compared with what really runs. */
export interface Reconciled {
  /** Journalled, and the claim was not answered: to be asked again with the same token. */
  readonly created: readonly Run[];
  readonly finished: readonly FinishedRun[];
}

/**
 * Compares ledger and processes. Nothing here depends on having seen an event: what ended while
 * nobody looked is found all the same (invariant LEVEL-TRIGGERED), agents without a keeper are
 * stopped.
 */
export async function reconcile(dispatcher: Dispatcher): Promise<Reconciled> {
  const live = dispatcher.ledger.liveRuns();
  const created = live.filter((run) => run.state === 'created');
  const dispatched = live.filter((run) => run.state !== 'created');
  noteInherited(dispatcher, dispatched);
  const looks = dispatched.map((run) => ({ run, look: dispatcher.host.look(phaseOf(run)) }));
  noteRunning(dispatcher, looks);
  const ends = await Promise.all(looks.map(({ run, look }) => endOf(dispatcher, run, look)));
  const finished = dispatched.flatMap((run, index) => {
    const end = ends[index];
    return end ? [{ run, end }] : [];
  });
  return { created, finished };
}

/** Notes which agents have started since; cheap, and changes nothing else. */
export function noteStarted(dispatcher: Dispatcher): void {
  const { ledger, host } = dispatcher;
  const waiting = ledger.liveRuns().filter(({ state }) => state === 'dispatched');
  noteRunning(
    dispatcher,
    waiting.map((run) => ({ run, look: host.look(run.run) })),
  );
}

async function endOf(dispatcher: Dispatcher, run: Run, look: RunLook): Promise<RunEnd | null> {
  const { host, config } = dispatcher;
  const phase = phaseOf(run);
  const ageMs = look.keeper === null ? ageOf(dispatcher, run) : 0;
  const judgement = judgeRun({ ...look, hasStarted: run.state === 'running', ageMs });
  switch (judgement.is) {
    case 'ended':
      return judgement.end === NEVER_STARTED ? neverStarted(run) : judgement.end;
    case 'starting':
      return null;
    case 'running':
      adopt(dispatcher, run, look);
      endDeafKeeper(dispatcher, run);
      return null;
    case 'overdue':
      noteStopping(dispatcher, run, 'overdue');
      if (!host.abandon(phase)) return null;
      // Somebody may have removed its folder while it was starting: then it did start.
      await host.stopOrphan(phase, config.stopGraceSecs * 1000);
      return neverStarted(run);
    case 'orphaned':
      noteStopping(dispatcher, run, 'orphaned');
      await host.stopOrphan(phase, config.stopGraceSecs * 1000);
      // Its last word may have come between our two looks.
      return host.look(phase).exit ?? KEEPER_DIED;
  }
}

/**
 * Milliseconds since the phase was begun that the run is in, by the uptime: the wall clock may be set at
 * any time. Of a run that was taken in from its folder only the wall clock's time is known.
 */
function ageOf({ ledger, now, uptimeMs }: Dispatcher, run: Run): number {
  const type = run.gate_tries > 0 ? 'gating' : 'dispatched';
  const begun = ledger.recordsOf(run.run, type).at(-1);
  const { uptime_ms } = (begun?.data ?? {}) as { uptime_ms?: unknown };
  if (typeof uptime_ms === 'number') return uptimeMs() - uptime_ms;
  return now().getTime() - Date.parse(begun?.at ?? run.dispatched_at ?? run.created_at);
}

/** True for a run that ended without its agent ever having started. */
export function isUnstarted(reason: string | null): boolean {
  return reason === 'spawn_failed' || reason === 'workspace_failed' || reason === 'never_started';
}

/** The reason is known where the run could not even be prepared. */
function neverStarted(run: Run): RunEnd {
  return { ...NEVER_STARTED, message: run.detail ?? NEVER_STARTED.message };
}

/** Of those that were dispatched, the ones whose agent is there by now. */
function noteRunning(
  { ledger, log, now }: Dispatcher,
  looks: readonly { readonly run: Run; readonly look: RunLook }[],
): void {
  const fresh = looks.flatMap(({ run, look: { agent } }) =>
    run.state === 'dispatched' && agent !== null ? [{ run, agent }] : [],
  );
  if (fresh.length === 0) return;
  ledger.together(() => {
    for (const { run, agent } of fresh)
      ledger.record(
        run.run,
        { type: 'running', at: now().toISOString(), data: agent },
        { state: 'running', pid: agent.pid, started_at: agent.started_at },
      );
  });
  for (const { run, agent } of fresh)
    log({
      level: 'info',
      event: 'running',
      message: `pid ${agent.pid}`,
      issue: run.issue,
      agent: run.agent,
      run: run.run,
    });
}
