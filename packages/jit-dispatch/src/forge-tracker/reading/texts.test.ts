import { expect, test } from 'vitest';
import { readCriteria } from './acceptance-criteria.ts';
import { agentIn, fillAgent } from './agent-label.ts';
import { assignmentText } from './assignment-text.ts';
import { priorityOf, relabel } from './priority-of.ts';

test.each([
  ['## Acceptance criteria\n- [ ] one\n- [x] two\n\n## Rest\n- no', ['one', 'two']],
  [
    '**Acceptance Criteria:**\n1. one\n   goes on\n2) two\n\nA paragraph\n- no',
    ['one goes on', 'two'],
  ],
  [
    '### Definition of done ###\r\n\r\n* one\r\n  * part of it\r\n* two',
    ['one * part of it', 'two'],
  ],
  ['Acceptance criteria:\n- one', ['one']],
  ['```\n## Acceptance criteria\n- code\n```', []],
  ['## Acceptance criteria\nin words only', []],
  ['- one\n- two', []],
  ['', []],
])('the criteria of %j are %j', (body, criteria) => {
  expect(readCriteria(body)).toEqual(criteria);
});

test.each([
  [['priority:high'], 'high'],
  [['low', 'Critical'], 'critical'],
  [['priority/low'], 'low'],
  [['medium', 'low'], 'normal'],
  [['highway', 'bug'], 'normal'],
])('labels %j make it %s', (labels, priority) => {
  expect(priorityOf(labels)).toBe(priority);
});

test.each([
  [[], 'high', ['priority:high'], []],
  [['bug', 'high'], 'high', [], []],
  [['bug', 'high', 'Priority/Low'], 'critical', ['priority:critical'], ['high', 'Priority/Low']],
  [['critical', 'medium'], 'normal', [], ['critical']],
  [['bug'], 'normal', [], []],
] as const)('labels %j become %s by adding %j, removing %j', (labels, priority, add, remove) => {
  expect(relabel(labels, priority)).toEqual({ add, remove });
  const after = [...labels.filter((each) => !remove.includes(each as never)), ...add];
  expect(priorityOf(after)).toBe(priority);
});

test('an agent is read from its label as it was written', () => {
  expect(agentIn('agent:{agent_id}', fillAgent('agent:{agent_id}', 'a-1'))).toBe('a-1');
  expect(agentIn('{agent_id}-ready', 'kimi-ready')).toBe('kimi');
  for (const label of ['agent:', 'Agent:a', 'bug'])
    expect(agentIn('agent:{agent_id}', label)).toBeNull();
});

test('an assignment says task, kind and criteria, and calls nobody again', () => {
  const body = 'Ask @ann <!-- hidden\n\n## Acceptance criteria\n- it works';
  const text = assignmentText({
    agent: 'a',
    agentTitle: '@Ana',
    attempt: 2,
    by: 'd',
    taskType: 'triage',
    issue: { title: '@bob', body },
  });
  expect(text).toContain('**Assigned to @\u200BAna (a)** (attempt 2, by d).');
  expect(text).toContain('Task type: triage');
  expect(text).toContain('- [ ] it works');
  expect(text).not.toMatch(/@(ann|bob)/);
  expect(text).not.toContain('<!--');
  const long = assignmentText({
    agent: 'a',
    agentTitle: null,
    attempt: 1,
    by: 'd',
    taskType: null,
    issue: { title: 'T', body: 'x'.repeat(99_999) },
  });
  expect(long.length).toBeLessThan(3000);
});
