import type { Style } from '@jit/cli-kit/style';
import { JitError } from '@jit/contract/errors';
import type { GateRunReportOutput, ToldGateRunOutput } from '@jit/contract/outputs/gate';
import { stateInWords } from '../../cli/render-issue.ts';
import type { GateRun } from '../../domain/gate-run.ts';
import { outputTail } from '../../domain/output-tail.ts';

/** The last lines of a run that did not pass. */
export function tailOf({ verdict }: GateRun, end: Uint8Array): string {
  return verdict === 'passed' ? '' : outputTail(new TextDecoder().decode(end));
}

/**
 * The exit code is the verdict: 10 if a checker could not run, else 4 if one failed, else 6 if a result
 * did not count. What they printed is shown at once. Errors: CHECKER_COULD_NOT_RUN (10), GATE_FAILED (4),
 * GATE_RUN_STALE (6).
 */
export function refuseUnlessPassed(issue: string, runs: readonly ToldGateRunOutput[]): void {
  const counted = runs.filter(({ stale }) => stale === null);
  const could_not = counted.filter(({ verdict }) => verdict === 'could_not_run');
  const failed = counted.filter(({ verdict }) => verdict === 'failed');
  const stale = runs.filter((run) => run.stale !== null);
  const bad = [...could_not, ...failed, ...stale];
  const [first] = bad;
  if (first === undefined) return;
  const [kind, code] =
    could_not.length > 0
      ? (['external', 'CHECKER_COULD_NOT_RUN'] as const)
      : failed.length > 0
        ? (['blocked', 'GATE_FAILED'] as const)
        : (['conflict', 'GATE_RUN_STALE'] as const);
  throw new JitError(kind, code, `${issue}: ${bad.map(inWords).join('; ')}`, {
    hint: hintOf(first),
    retryable: code === 'GATE_RUN_STALE',
    details: { issue, runs },
    excerpt: bad.map(excerptOf).filter(Boolean).join('\n'),
  });
}

function inWords({ gate, verdict, end, stale }: ToldGateRunOutput): string {
  if (stale !== null) return `the result of gate ${gate} (${verdict}) does not count: ${stale}`;
  return verdict === 'failed'
    ? `gate ${gate} failed (${end})`
    : `the checker of gate ${gate} could not run (${end}): the gate stays as it is`;
}

function hintOf({ issue, gate, stale }: ToldGateRunOutput): string {
  const log = `jit gate log ${issue} ${gate}`;
  return stale === null
    ? `The whole output: ${log}`
    : `It was only kept (${log}). Run it again, if the issue still needs it.`;
}

function excerptOf({ gate, output_tail }: ToldGateRunOutput): string {
  return output_tail === '' ? '' : `--- ${gate}: the end of its output ---\n${output_tail}\n---`;
}

/** What passed, and where the issue stands now. */
export function renderReport(
  { short_id, runs, changed, state, gates }: GateRunReportOutput,
  style: Style,
): string {
  if (runs.length === 0) return `${short_id}: no automatic gate is open: nothing was run`;
  const words = runs.map(({ gate }) => `${gate} ${style.green('passed')}`).join(', ');
  const note = changed ? '' : ' (as before)';
  const said = `${style.bold(short_id)}: ${words}${note} · ${stateInWords(state, style)}`;
  const isOpen = gates.some(({ stage, status }) => stage === 'done' && status !== 'passed');
  if (state !== 'in_progress' || isOpen) return said;
  return `${said}\n${style.dim(`its exit gates are passed; report it: jit issue update ${short_id} --state done`)}`;
}
