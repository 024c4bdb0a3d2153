import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Gate } from './gate.ts';
import { anIssue, moment } from './issue-fixture.ts';
import type { DependencyState } from './readiness.ts';
import { blockersOf, isBlocked, isReady, shownState } from './readiness.ts';

const STATES: readonly DependencyState[] = [
  'open',
  'in_progress',
  'gated',
  'done',
  'rejected',
  'archived',
  'missing',
  'unreadable',
];

const GATES: readonly Gate[] = (['ready', 'done'] as const).map((stage) => ({
  key: `at-${stage}`,
  title: '',
  description: '',
  stage,
  mode: 'manual',
  checker: null,
  extra: {},
}));

const status = fc.constantFrom('pending' as const, 'passed' as const, 'failed' as const);

const worlds = fc.record({
  state: fc.constantFrom(
    'open' as const,
    'in_progress' as const,
    'gated' as const,
    'done' as const,
  ),
  // Half of them free, so that the combinations of one and two reasons come often.
  dependencies: fc.oneof(
    fc.constantFrom<DependencyState[]>([], ['done'], ['rejected', 'archived']),
    fc.array(fc.constantFrom(...STATES), { maxLength: 4 }),
  ),
  entry: fc.option(status, { freq: 1 }),
  exit: fc.option(status),
  undefinedGate: fc.option(status, { freq: 1 }),
  deferredTo: fc.option(fc.integer({ min: -2, max: 2 }), { freq: 1 }),
});

test('an issue is ready exactly when it is open and nothing of what the contract lists holds it back', () => {
  let ready = 0;
  fc.assert(
    fc.property(worlds, (world) => {
      const states = new Map(world.dependencies.map((state, at) => [`dep${at}`, state]));
      const gates = Object.fromEntries(
        Object.entries({
          'at-ready': world.entry,
          'at-done': world.exit,
          nowhere: world.undefinedGate,
        }).flatMap(([key, value]) => (value === null ? [] : [[key, { status: value }]])),
      );
      const issue = anIssue({
        state: world.state,
        dependencies: [...states.keys()],
        gates,
        defer_until:
          world.deferredTo === null
            ? null
            : new Date(moment(world.deferredTo * 60).wall).toISOString(),
      });
      const facts = {
        stateOf: (id: string) => states.get(id) ?? 'missing',
        shownOf: (id: string) => states.get(id) ?? 'missing',
        gate: (key: string) => GATES.find((gate) => gate.key === key),
        now: moment(0).wall,
      };
      const waitsFor = [...states].filter(([, state]) => !/done|rejected|archived/.test(state));
      const shut = ['at-ready', 'nowhere'].filter((key) =>
        /pending|failed/.test(gates[key]?.status ?? ''),
      );
      const expected = [
        ...waitsFor.map(([id, state]) => ({ type: 'dependency', issue: id, state })),
        ...shut.map((gate) => ({ type: 'gate', gate, status: gates[gate]?.status })),
        ...((world.deferredTo ?? 0) > 0 ? [{ type: 'deferred', until: issue.defer_until }] : []),
      ];
      expect(blockersOf(issue, facts)).toEqual(expected);
      expect(isBlocked(issue, facts)).toBe(expected.length > 0);
      const free = world.state === 'open' && expected.length === 0;
      expect(isReady(issue, facts)).toBe(free);
      expect(shownState(issue, facts)).toBe(free ? 'ready' : world.state);
      if (free) ready += 1;
    }),
    { numRuns: 10_000 },
  );
  console.log(`10000 worlds, ${ready} with a ready issue`);
  expect(ready).toBeGreaterThan(0);
});
