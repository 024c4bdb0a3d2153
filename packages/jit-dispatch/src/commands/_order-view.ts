import type { Style } from '@jit/cli-kit/style';
import type { ErrorKind } from '@jit/contract/errors';
import type { OrderOutput } from '@jit/contract/outputs/control';
import { oneLine } from '../views/one-line.ts';

/** The exit code of an order that could not be carried out; the outcome says why. */
export function orderExit({ outcome }: OrderOutput): ErrorKind | null {
  switch (outcome) {
    case 'finished_first':
    case 'gated':
    case 'blocked':
    case 'refused':
      return 'blocked';
    case 'taken_by_other':
      return 'conflict';
    case 'issue_missing':
      return 'not_found';
    default:
      return null;
  }
}

/** What came of an order, in a line. */
export function renderOrder(
  { issue, run, outcome, detail, left_to }: OrderOutput,
  style: Style,
): string {
  const head = `${style.bold(issue)}${run === null ? '' : ` (run ${run})`}`;
  const left = left_to === null ? '' : ` (pid ${left_to.pid})`;
  return `${head}: ${outcome === null ? '' : `${outcome}, `}${oneLine(detail)}${left}`;
}
