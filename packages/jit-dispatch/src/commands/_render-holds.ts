import type { Style } from '@jit/cli-kit/style';
import type { HoldsOutput } from '@jit/contract/outputs/control';
import { oneLine } from '../views/one-line.ts';

/** What is paused, for people. */
export async function renderHolds(
  { changed, holds, running }: Pick<HoldsOutput, 'changed' | 'holds' | 'running'>,
  style: Style,
): Promise<string> {
  const now = holds.length === 0 ? 'nothing is paused' : 'paused';
  const ended = changed && holds.length === 0 ? 'resumed: ' : '';
  const head = `${changed ? ended : 'unchanged; '}${now}, ${running} running`;
  if (holds.length === 0) return head;
  const rows = holds.map(({ scope, until, who, reason }) => [
    scope === '*' ? 'everything' : scope,
    until === null ? 'until resume' : `until ${until}`,
    who,
    oneLine(reason),
  ]);
  return `${head}\n${await style.table(rows, ['PAUSED', 'UNTIL', 'BY', 'REASON'])}`;
}
