import type { Style } from '@jit/cli-kit/style';
import type { RunOutput } from '@jit/contract/outputs/dispatch';

/** Runs as a table. */
export function renderRuns(runs: readonly RunOutput[], style: Style): Promise<string> {
  const rows = runs.map((run) => [
    run.run,
    run.state,
    run.agent,
    run.issue,
    run.title,
    [run.reason, run.detail].filter((text) => text).join(': '),
  ]);
  return style.table(rows, ['RUN', 'STATE', 'AGENT', 'ISSUE', 'TITLE', 'WHY']);
}
