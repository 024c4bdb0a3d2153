import type { Style } from '@jit/cli-kit/style';
import type { GateOutput } from '@jit/contract/outputs/gate';
import type { IssueGateOutput } from '@jit/contract/outputs/issue';

/** A gate definition for people. */
export function renderGate(gate: GateOutput, style: Style): string {
  const { key, title, description, stage, mode, issues } = gate;
  const when = stage === 'ready' ? 'entry gate: before work starts' : 'exit gate: before done';
  const lines = [`${style.bold(key)} ${title === key ? '' : title}`.trimEnd(), `${when}, ${mode}`];
  if (description !== '') lines.push(description);
  if (issues.length > 0) lines.push(`on ${issues.join(', ')}`);
  return lines.join('\n');
}

/** A table of the gates of an issue. */
export async function renderIssueGates(
  gates: readonly IssueGateOutput[],
  style: Style,
): Promise<string> {
  if (gates.length === 0) return style.isTty ? style.dim('no gates') : '';
  const rows = gates.map(({ key, stage, status, by, at, note }) => [
    key,
    stageInWords(stage),
    inColour(status, style),
    by ?? '',
    at ?? '',
    note ?? '',
  ]);
  return style.table(rows, ['gate', 'stage', 'status', 'by', 'at', 'note']);
}

function stageInWords(stage: IssueGateOutput['stage']): string {
  if (stage === null) return 'not defined';
  return stage === 'ready' ? 'entry' : 'exit';
}

function inColour(status: IssueGateOutput['status'], style: Style): string {
  if (status === 'passed') return style.green(status);
  return status === 'failed' ? style.red(status) : style.yellow(status);
}
