import { expect, test } from 'vitest';
import { someAgent, someChoosing } from '../../../test/samples.ts';
import type { DispatchConfig } from '../../config/config.ts';
import { warnOfTaskType } from './warn-of-task-type.ts';

async function warningsOf(name: string | undefined): Promise<string[]> {
  const said: string[] = [];
  const rule = { name: 'refactoring', keywords: [], pattern: null };
  const config = {
    agents: [someAgent({ strengths: ['docs'], tags: ['Web-Design'] })],
    choosing: someChoosing({ taskTypes: [rule] }),
  } as unknown as DispatchConfig;
  await warnOfTaskType({ config, warn: (message) => void said.push(message) }, name);
  return said;
}

test('a kind of work that nobody knows is said, with the nearest', async () => {
  const [said, ...others] = await warningsOf('Refactorng');
  expect(said).toContain('"refactorng"');
  expect(said).toContain("did you mean 'refactoring'?");
  expect(others).toEqual([]);
  expect(await warningsOf('cooking')).toEqual([expect.stringContaining('no agent is best at it')]);
});

test.each([undefined, '', 'refactoring', 'Docs', 'web design'])('%j is known', async (name) => {
  expect(await warningsOf(name)).toEqual([]);
});
