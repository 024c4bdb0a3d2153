import { expect, test } from 'vitest';
import { readRequest } from './dispatch-request.ts';

const bench = { agentNames: () => ['a'], now: () => new Date('2026-11-20T10:00:00.000Z') };

test.each([
  [{ issue: 7 }, 'issue'],
  [{ issue: 'i1', exclude: 'a' }, 'exclude'],
  [{ issue: 'i1', tokenBudget: '8000' }, 'tokenBudget'],
  [null, 'the request'],
])('%j has a wrong type: a mistake of the caller', async (request, key) => {
  await expect(readRequest(bench, request)).rejects.toMatchObject({
    kind: 'usage',
    code: 'INVALID_REQUEST',
    message: expect.stringContaining(`${key}: `),
    details: { dispatch_code: 'E13307' },
  });
});

test('a value that makes no sense is refused as before', async () => {
  const refused = readRequest(bench, { issue: 'i1', tokenBudget: -1 });
  await expect(refused).rejects.toMatchObject({ kind: 'invalid', code: 'INVALID_REQUEST' });
});

test('a priority is one of four, and no wish in the metadata', async () => {
  const request = await readRequest(bench, { issue: 'i1', priority: 'high' });
  expect(request).toMatchObject({ priority: 'high', metadata: {} });
  const refused = readRequest(bench, { issue: 'i1', priority: 'urgent' });
  await expect(refused).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
});
