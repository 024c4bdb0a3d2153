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

function whyOf(run: RunOutput): string {
  const why = [run.reason, run.detail].filter((text) => text).join(': ');
  const pull = pullWords(run);
  return pull === null ? why : `${why}; pull request ${pull}`;
}

/** What became of the commits of a run, in words; null: nothing is to become of them. */
export function pullWords({ pull_request: pull }: Pick<RunOutput, 'pull_request'>): string | null {
  if (pull === null) return null;
  const { state, url, error, next_try_at } = pull;
  const again = next_try_at === null ? '' : `, tried again at ${next_try_at}`;
  const facts = [url, error].filter((text) => text !== null).join(': ');
  return `${state.replaceAll('_', ' ')}${facts === '' ? '' : ` (${facts})`}${again}`;
}
