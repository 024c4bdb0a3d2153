import type { Style } from '@jit/cli-kit/style';
import type { CycleOutput, DecisionOutput, RunOutput } from '@jit/contract/outputs/dispatch';
import { keyOf } from '../views/key-of.ts';
import { oneLine } from '../views/one-line.ts';

/** One cycle, a line per thing that happened. */
export function renderCycle(cycle: CycleOutput, style: Style): string {
  const lost = new Set(cycle.lost.map(keyOf));
  const begun = new Set([...cycle.started, ...cycle.failed].map(keyOf));
  const plans = cycle.decisions.filter(
    (each) =>
      each.action !== 'start' ||
      cycle.dry_run ||
      !(begun.has(keyOf(each)) || lost.has(keyOf(each))),
  );
  return [
    ...cycle.settled.map((run) => runLine(run, style)),
    ...cycle.checking.map((run) =>
      line(
        style.cyan('checking'),
        keyOf(run),
        `${run.title} (${run.agent}; its exit gates are run)`,
      ),
    ),
    ...cycle.started.map((run) =>
      line(style.green('started'), keyOf(run), `${run.title} → ${run.agent}`),
    ),
    ...cycle.failed.map((run) => runLine(run, style)),
    ...cycle.lost.map((each) =>
      line(style.yellow('lost'), keyOf(each), `${each.agent}: ${each.message}`),
    ),
    ...cycle.errors.map(({ repository, message }) => line(style.red('error'), repository, message)),
    ...plans.map((decision) => planLine(decision, cycle.dry_run, style)),
    summary(cycle),
  ].join('\n');
}

function planLine(decision: DecisionOutput, isDryRun: boolean, style: Style): string {
  const { action, title, agent, reason, detail } = decision;
  const issue = keyOf(decision);
  if (action === 'wait') return line(style.dim('waits'), issue, `${title} (${reason}: ${detail})`);
  if (action === 'escalate')
    return line(
      style.red(isDryRun ? 'would escalate' : 'escalates'),
      issue,
      `${title} (${reason}: ${detail})`,
    );
  const word = isDryRun ? 'would start' : 'asked for';
  return line(style.cyan(word), issue, `${title} → ${agent} (${detail})`);
}

function runLine(run: RunOutput, style: Style): string {
  const word = run.state === 'completed' ? style.green(run.state) : style.red(run.state);
  const why = [run.reason, run.detail].filter((text) => text).join(': ');
  return line(word, keyOf(run), `${run.title} (${run.agent}; ${why})`);
}

function line(word: string, issue: string, text: string): string {
  return `${word}  ${issue}  ${oneLine(text)}`;
}

function summary(cycle: CycleOutput): string {
  const { ready, decisions, started, settled, failed, lost } = cycle;
  const planned = decisions.filter(({ action }) => action === 'start').length;
  if (cycle.dry_run) return `dry run: ${ready} ready, ${planned} would start`;
  return `${ready} ready, ${started.length} started, ${settled.length} settled, ${failed.length} failed to start, ${lost.length} lost`;
}
