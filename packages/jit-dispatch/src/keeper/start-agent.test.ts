import { expect, test } from 'vitest';
import { someSpec } from '../../test/samples.ts';
import type { KeeperSpec } from '../run-records.ts';
import { agentEnvironment, startAgent } from './start-agent.ts';

const spec = someSpec({ output_cap_bytes: 1000, stop_grace_secs: 1 });
const openOutput = () => ({ write: () => {}, end: () => {} });
const start = (facts: Partial<KeeperSpec>) => {
  const asked = { ...spec, ...facts };
  return startAgent(asked, agentEnvironment(asked, { PATH: process.env.PATH }), openOutput);
};

test('what is too long for a program is said, with the way out', async () => {
  expect(await start({ env: { JIT_ISSUE_JSON: 'x'.repeat(4_000_000) } })).toBe(
    'could not start true: its arguments and environment are too long; use issue_json = "file" or "stdin"',
  );
});

test('a NUL character is said, and the value is not quoted', async () => {
  for (const facts of [{ argv: ['true', 'se\0cret'] }, { env: { A: 'se\0cret' } }])
    expect(await start(facts)).toBe(
      'could not start true: an argument or environment variable holds a NUL character',
    );
});
