import { expect, test } from 'vitest';
import { configChanges } from './config-changes.ts';

test('plain values are told with what they were', () => {
  const before = { watch: true, qa: { gates: true, timeout_secs: 5 }, tags: ['a'] };
  const after = { watch: true, qa: { gates: false, timeout_secs: 5 }, tags: ['a', 'b'] };
  expect(configChanges(before, after)).toEqual([
    'qa.gates: true → false',
    'tags: ["a"] → ["a","b"]',
  ]);
  expect(configChanges(after, after)).toEqual([]);
  expect(configChanges({}, { name: 'x' })).toEqual(['name: none → "x"']);
});

test('agents go by their names', () => {
  const a = { id: 'a', capacity: 1 };
  const b = { id: 'b', capacity: 1 };
  const c = { id: 'c', capacity: 1 };
  expect(configChanges({ agents: [a, b] }, { agents: [c, { ...b, capacity: 4 }] })).toEqual([
    'agents[a] removed',
    'agents[b].capacity: 1 → 4',
    'agents[c] added',
  ]);
  expect(configChanges({ agents: [a, b] }, { agents: [b, a] })).toEqual(['agents: another order']);
});

test('what may be secret is only said to have changed', () => {
  const before = { agents: [{ id: 'a', env: { KEY: 'old' }, command: 'x --key old' }] };
  const after = { agents: [{ id: 'a', env: { KEY: 'new' }, command: 'x --key new' }] };
  expect(configChanges(before, after)).toEqual([
    'agents[a].env changed',
    'agents[a].command changed',
  ]);
  expect(configChanges({ notify: [] }, { notify: [{ url: 'https://host/secret' }] })).toEqual([
    'notify[0] added',
  ]);
});
