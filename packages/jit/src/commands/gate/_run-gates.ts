import { dirname } from 'node:path';
import type { GateRunReportOutput, ToldGateRunOutput } from '@jit/contract/outputs/gate';
import { requireTrusted } from '../../cli/gate-trust.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import type { WriterArgs } from '../../cli/writer.ts';
import { writerOf } from '../../cli/writer.ts';
import type { JitContext } from '../../context.ts';
import type { GateRun, PlannedRun } from '../../domain/gate-run.ts';
import { endInWords, verdictOf } from '../../domain/verdict.ts';
import type { EndedRun } from '../../operations/gate-runs.ts';
import { planGateRuns, settleGateRun } from '../../operations/gate-runs.ts';
import { type Worktree, worktreeOf } from '../../platform/git-worktree.ts';
import { systemClock } from '../../platform/machine.ts';
import { toGateRunReport } from '../../views/gate.ts';
import { checkerEnv, refuseRecursion } from './_checker-env.ts';
import { withNearestKey } from './_nearest-key.ts';
import { refuseUnlessPassed, tailOf } from './_told-runs.ts';

/** What `gate run` and `gate pass` are given. */
export interface RunGatesArgs extends WriterArgs {
  readonly id: string;
  /** Empty: every automatic gate of the issue that is not passed. */
  readonly keys: readonly string[];
  readonly by: string | null;
  readonly note: string | null;
}

/**
 * Runs checkers one after the other, without a lock, and lets each result decide its gate at once.
 * Errors: GATE_FAILED (4), GATE_NOT_TRUSTED (5), GATE_RUN_STALE (6), CHECKER_COULD_NOT_RUN (10), and
 * those of `planGateRuns`.
 */
export async function runGates(
  context: JitContext,
  args: RunGatesArgs,
): Promise<GateRunReportOutput> {
  const { id, plan } = await withNearestKey(() =>
    readTracker(context, (tx) => {
      const resolved = tx.resolve(args.id);
      tx.mustHave(resolved);
      const writer = writerOf(context, tx, resolved, args);
      return { id: resolved, plan: planGateRuns(tx, resolved, args.keys, writer) };
    }),
  );
  refuseRecursion(context.io.env, plan);
  requireTrusted(
    context,
    plan.map(({ gate }) => gate),
  );
  const told: ToldGateRunOutput[] = [];
  let changed = false;
  for (const planned of plan) {
    const { run, tail, isChange } = await runOne(context, planned, args);
    told.push({ ...run, output_tail: tail });
    changed ||= isChange;
  }
  refuseUnlessPassed(id, told);
  return readTracker(context, (tx) => toGateRunReport(tx, id, told, changed));
}

async function runOne(context: JitContext, planned: PlannedRun, args: RunGatesArgs) {
  const { cwd } = context.around;
  const { env } = context.io;
  const { key, checker } = planned.gate;
  const { root, commit }: Worktree = worktreeOf(cwd, env) ?? {
    root: dirname(context.where.dir),
    commit: null,
  };
  const started = systemClock().wall;
  const { end, output } = await context.checkers.run({
    command: checker.command,
    root,
    workingDir: checker.working_dir,
    env: checkerEnv(env, planned, context.where.dir),
    timeoutSecs: checker.timeout_secs,
  });
  const run: GateRun = {
    id: context.gateRuns.newId(planned.issue, key, started),
    issue: planned.issue,
    gate: key,
    attempt: planned.attempt,
    commit,
    command: checker.command,
    by: args.by ?? context.actor,
    started_at: new Date(started).toISOString(),
    ended_at: new Date(systemClock().wall).toISOString(),
    exit: end.kind === 'exited' ? end.code : null,
    signal: end.kind === 'killed' ? end.signal : null,
    verdict: verdictOf(end),
    end: endInWords(end),
    output_bytes: output.total,
    reported: false,
    stale: null,
  };
  // First the evidence: a decision never names a run that was not kept.
  context.gateRuns.save(run, output.bytes());
  const { by, note } = args;
  const settled = settle(context, args, { planned, run, commitNow: commitNow(cwd, env), by, note });
  return { ...settled, tail: tailOf(run, output.end(TAIL_BYTES)) };
}

/** So much of the output's end is enough for its last lines. */
const TAIL_BYTES = 16_384;

/** Lets a result that is kept already decide its gate, and notes at the evidence where it did not count. */
export function settle(
  context: JitContext,
  args: WriterArgs,
  ended: EndedRun,
): { run: GateRun; isChange: boolean } {
  const { run } = ended;
  const { changed, stale } = writeTracker(context, (tx) =>
    settleGateRun(tx, writerOf(context, tx, run.issue, args), ended),
  );
  if (stale === null) return { run, isChange: changed };
  const noted = { ...run, stale };
  context.gateRuns.save(noted, null);
  return { run: noted, isChange: false };
}

/** The commit of the worktree; undefined where it can't be told, because the checker took it away. */
function commitNow(cwd: string, env: JitContext['io']['env']): string | null | undefined {
  try {
    return worktreeOf(cwd, env)?.commit ?? null;
  } catch {
    return undefined;
  }
}
