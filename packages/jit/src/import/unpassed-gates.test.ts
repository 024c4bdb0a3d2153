import { expect, test } from 'vitest';
import { anIssue } from '../domain/issue-fixture.ts';
import { newReport } from './report.ts';
import { withoutUnpassed } from './unpassed-gates.ts';

test('gates that were not passed are taken off, and none that was noted before gets lost', () => {
  const report = newReport();
  const gates = {
    a: { status: 'failed' },
    b: { status: 'pending' },
    c: { status: 'passed' },
  } as const;
  const once = withoutUnpassed(anIssue({ state: 'done', gates }), ['a'], 'x', report);
  const twice = withoutUnpassed(once, ['b'], 'x', report);
  expect(twice.gates).toEqual({ c: { status: 'passed' } });
  expect(twice.metadata).toEqual({
    'x.unpassed_gates': { a: { status: 'failed' }, b: { status: 'pending' } },
  });
});
