import { expect, test } from 'vitest';
import { fillPlaceholders, unknownPlaceholder } from './placeholders.ts';

const values = { issue_id: 'i1', agent_id: '{run_id}', run_id: 'r1' };

test('placeholders are filled in, once', () => {
  expect(fillPlaceholders('--issue={issue_id}/{run_id}', values)).toBe('--issue=i1/r1');
  expect(fillPlaceholders('{agent_id}', values)).toBe('{run_id}');
});

test('doubled braces stand for themselves', () => {
  expect(fillPlaceholders('{{issue_id}} {{print}}', values)).toBe('{issue_id} {print}');
  expect(unknownPlaceholder('awk {{print}}')).toBeNull();
});

test('other braces are left alone', () => {
  for (const text of ['{"a":1}', '{}', '{1,2}', 'f() { x; }']) {
    expect(fillPlaceholders(text, values)).toBe(text);
    expect(unknownPlaceholder(text)).toBeNull();
  }
});

test('an unknown one is named', () => {
  expect(unknownPlaceholder('{issue_id} {title}')).toBe('title');
});
