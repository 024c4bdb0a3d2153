import type { Style } from '@jit/cli-kit/style';
import type { GateOutput, GateStatusOutput } from '@jit/contract/outputs/gate';
import { inQuotes } from '../../domain/output-tail.ts';

/** A gate definition for people. */
export function renderGate(gate: GateOutput, style: Style): string {
  const { key, title, description, stage, mode, checker, trusted, issues, conflicts } = gate;
  const when = stage === 'ready' ? 'entry gate: before work starts' : 'exit gate: before done';
  const lines = [`${style.bold(key)} ${title === key ? '' : title}`.trimEnd(), `${when}, ${mode}`];
  if (description !== '') lines.push(description);
  if (checker !== null) {
    lines.push(`runs ${inQuotes(checker.command)}, at most ${checker.timeout_secs} s`);
    if (checker.working_dir !== null) lines.push(`in ${inQuotes(checker.working_dir)}`);
    for (const [name, value] of Object.entries(checker.env))
      lines.push(`with ${name}=${inQuotes(value)}`);
  }
  if (trusted !== null) lines.push(`${trusted ? '' : 'not '}trusted on this machine`);
  if (issues.length > 0) lines.push(`on ${issues.join(', ')}`);
  if (conflicts.length > 0) {
    lines.push(style.bold('Conflicts of a merge'));
    for (const { field, kept, other } of conflicts)
      lines.push(`${field}: kept ${JSON.stringify(kept)}, other ${JSON.stringify(other)}`);
  }
  return lines.join('\n');
}

/** `exit gate, manual` */
export function gateInWords({ stage, checker }: GateOutput): string {
  const how = checker === null ? 'manual' : `runs ${inQuotes(checker.command)}`;
  return `${stage === 'ready' ? 'entry' : 'exit'} gate, ${how}`;
}

/** A table of the gates of an issue. */
export async function renderGateStatus(
  gates: GateStatusOutput['gates'],
  style: Style,
): Promise<string> {
  if (gates.length === 0) return style.isTty ? style.dim('no gates') : '';
  const rows = gates.map((gate) => [
    gate.key,
    stageInWords(gate.stage),
    inColour(gate.status, style),
    gate.by ?? '',
    gate.at ?? '',
    gate.note ?? '',
    lastRunInWords(gate.last_run),
  ]);
  return style.table(rows, ['gate', 'stage', 'status', 'by', 'at', 'note', 'last run']);
}

function lastRunInWords(run: GateStatusOutput['gates'][number]['last_run']): string {
  if (run === null) return '';
  const counts = run.stale === null ? '' : `, does not count: ${run.stale}`;
  return `${run.end}${counts}, ${run.ended_at}`;
}

function stageInWords(stage: GateStatusOutput['gates'][number]['stage']): string {
  if (stage === null) return 'not defined';
  return stage === 'ready' ? 'entry' : 'exit';
}

function inColour(status: GateStatusOutput['gates'][number]['status'], style: Style): string {
  if (status === 'passed') return style.green(status);
  return status === 'failed' ? style.red(status) : style.yellow(status);
}
