import { expect, test } from 'vitest';
import { readyIssue, someSnapshot } from '../../test/samples.ts';
import type { Decision } from '../planning/plan-cycle.ts';
import { createDecisionReport } from './report-decisions.ts';

const issue = readyIssue('i1');
const start: Decision & { action: 'start' } = {
  issue,
  aged: 'normal',
  action: 'start',
  agent: 'a',
  failures: 0,
  stolenFrom: null,
  detail: 'fits',
  record: {
    assessment: issue.assessment,
    rules: someSnapshot().rules,
    agent: 'a',
    agents: [],
    alternatives: [],
  },
};
const wait: Decision = {
  issue,
  aged: 'normal',
  action: 'wait',
  reason: 'agents_full',
  detail: 'no room',
};

test('a start is said each time it is made, and once while cycle after cycle fails to make it', () => {
  const said: string[] = [];
  const report = createDecisionReport(({ event }) => said.push(event));
  report([start], new Set());
  report([start], new Set());
  expect(said.splice(0)).toEqual(['start', 'start']);
  report([start], new Set(['']));
  report([start], new Set(['']));
  report([{ ...start, agent: 'b' }], new Set(['']));
  expect(said.splice(0)).toEqual(['start']);
  for (let cycle = 0; cycle < 3; cycle += 1) report([wait], new Set());
  expect(said).toEqual(['wait']);
});
