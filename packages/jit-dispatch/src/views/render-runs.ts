import type { Style } from '@jit/cli-kit/style';
import type { RunOutput } from '@jit/contract/outputs/dispatch';
import { oneLine } from './one-line.ts';

/** Runs as a table. */
export function renderRuns(runs: readonly RunOutput[], style: Style): Promise<string> {
  const rows = runs.map((run) => [
    run.run,
    run.state,
    run.agent,
    run.repository === null ? run.issue : `${run.repository}/${run.issue}`,
    oneLine(run.title),
    oneLine(run.stall === null ? whyOf(run) : `${run.stall}: silent since ${run.silent_since}`),
  ]);
  return style.table(rows, ['RUN', 'STATE', 'AGENT', 'ISSUE', 'TITLE', 'WHY']);
}

function whyOf({ reason, detail }: RunOutput): string {
  return [reason, detail].filter((text) => text).join(': ');
}
