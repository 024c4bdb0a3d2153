import { describe, expect, test } from 'vitest';
import { isSupportedNode } from './setup.mjs';
import { summarise } from './test.mjs';

const report = (changes: object) => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [] as { name: string; status: string; assertionResults: { status: string }[] }[],
  ...changes,
});

describe('the last line of npm test', () => {
  test.each([
    ['all passed', 0, { numPassedTests: 3 }, '3 passed, 0 failed', 0],
    ['one failed', 1, { numPassedTests: 3, numFailedTests: 1 }, '3 passed, 1 failed', 1],
    ['some skipped', 0, { numPassedTests: 3, numPendingTests: 2 }, '3 passed, 0 failed', 0],
    ['an error outside of a test', 1, { numPassedTests: 3 }, '3 passed, 0 failed', 1],
    ['nothing ran', 0, {}, '0 passed, 0 failed', 1],
  ])('%s', (_, status, changes, counts, exit) => {
    expect(summarise({ status, report: report(changes) })).toMatchObject({ counts, exit });
  });

  test('skipped tests are counted on the line above', () => {
    const skips = report({ numPassedTests: 3, numPendingTests: 2 });
    expect(summarise({ status: 0, report: skips }).lines.at(-1)).toBe('2 skipped');
  });

  test('a file that does not load counts as a failure', () => {
    const testResults = [{ name: '/x/a.test.ts', status: 'failed', assertionResults: [] }];
    const summary = summarise({ status: 1, report: report({ numPassedTests: 3, testResults }) });
    expect(summary).toMatchObject({ counts: '3 passed, 1 failed', exit: 1 });
  });

  test('a missing report is a failure', () => {
    expect(summarise({ status: 0, report: undefined })).toMatchObject({ exit: 1 });
  });
});

test.each([
  ['20.18.3', false],
  ['20.19.0', true],
  ['21.7.0', false],
  ['22.13.1', false],
  ['22.14.0', true],
  ['23.11.0', false],
  ['24.0.0', true],
  ['26.1.0', true],
])('Node %s is supported: %s', (version, supported) => {
  expect(isSupportedNode(version)).toBe(supported);
});
