import { expect, test } from 'vitest';
import type { Ledger } from '../../ledger/ledger.ts';
import { type AskedFilter, resolveFilter } from './resolve-filter.ts';

const KNOWN = { issue: ['nw4g8c2k1a', 'nw5r000000', 'nw5r111111'], agent: ['copilot-1'] };

async function resolve(asked: AskedFilter) {
  const warnings: string[] = [];
  const ledger = { named: (column: 'issue' | 'agent') => KNOWN[column] } as Ledger;
  const warn = (message: string) => void warnings.push(message);
  const filter = await resolveFilter({ warn, name: 'here' }, [ledger], asked);
  return { filter, warnings };
}

test.each([
  [{}, {}],
  [{ issue: 'nw4g8c2k1a' }, { issue: 'nw4g8c2k1a' }],
  [{ issue: 'nw4g' }, { issue: 'nw4g8c2k1a' }],
  [{ agent: 'copilot-1' }, { agent: 'copilot-1' }],
])('%j', async (asked, filter) => {
  expect(await resolve(asked)).toEqual({ filter, warnings: [] });
});

test('a beginning of several ids is refused with the ids', async () => {
  await expect(resolve({ issue: 'nw5r' })).rejects.toMatchObject({
    kind: 'invalid',
    code: 'AMBIGUOUS_ID',
    details: { candidates: ['nw5r000000', 'nw5r111111'] },
  });
});

test.each([
  [{ issue: 'nw4' }, 'no run has the issue nw4; did you mean'],
  [{ issue: 'zzzzzz' }, 'no run has the issue zzzzzz; dispatcher here never had one'],
  [{ agent: 'copilot' }, "no run has the agent copilot; did you mean 'copilot-1'?"],
])('%j: an empty list, and why', async (asked, message) => {
  const { filter, warnings } = await resolve(asked);
  expect(filter).toBeNull();
  expect(warnings).toEqual([expect.stringContaining(message)]);
});

test.each([{ issue: 'null' }, { issue: '' }, { agent: 'undefined' }])('%j', async (asked) => {
  await expect(resolve(asked)).rejects.toMatchObject({ kind: 'usage' });
});
