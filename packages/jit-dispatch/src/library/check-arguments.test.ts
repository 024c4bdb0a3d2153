import { expect, test } from 'vitest';
import { createDispatcher, JitError } from '../index.ts';

type Call = (...given: readonly unknown[]) => unknown;
const create = createDispatcher as Call;

/** What a call was refused with, whether it throws or rejects. */
async function refusalOf(call: () => unknown): Promise<JitError> {
  try {
    await call();
  } catch (error) {
    if (error instanceof JitError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

const WRONG = { kind: 'usage', code: 'INVALID_REQUEST', retryable: false };

test.each<[string, readonly unknown[], string]>([
  ['dispatch', [42], 'dispatch: request has to be an id or an object, is number'],
  ['dispatch', [], 'dispatch: request has to be an id or an object, is undefined'],
  ['dispatchBatch', ['i1'], 'dispatchBatch: requests has to be a list, is string'],
  ['admit', [null], 'admit: requests has to be a list, is null'],
  ['estimate', [], 'estimate: issue has to be a text, is undefined'],
  ['explain', [{ issue: 'i1' }], 'explain: issue has to be a text, is object'],
  ['reassign', ['i1'], 'reassign: agent has to be a text, is undefined'],
  ['once', [null], 'once: options has to be an object, is null'],
  ['runs', [['i1']], 'runs: filter has to be an object, is a list'],
  ['register', [null], 'register: agent has to be an object, is null'],
  ['on', ['started'], 'on: listener has to be a function, is undefined'],
])('%s with %j says what was expected', async (method, given, message) => {
  const dispatcher = create({ agents: [] }) as Record<string, Call>;
  const refusal = await refusalOf(() => dispatcher[method]?.(...given));
  expect(refusal).toMatchObject({ ...WRONG, message });
  expect(refusal.details.dispatch_code).toBe('E13307');
});

test('methods that answer later reject, they throw nothing', async () => {
  const dispatcher = create() as Record<string, Call>;
  const answer = dispatcher.show?.(7);
  await expect(answer).rejects.toMatchObject(WRONG);
});

test.each([[null], [42], [[]], [undefined, null]])('createDispatcher(%j, %j)', async (...given) => {
  expect(await refusalOf(() => create(...given))).toMatchObject(WRONG);
});
