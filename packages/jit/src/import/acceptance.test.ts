import { expect, it } from 'vitest';
import { splitAcceptance } from './acceptance.ts';

it.each([
  ['- it starts\n- it stops', ['it starts', 'it stops']],
  ['1. it starts\n2) it stops', ['it starts', 'it stops']],
  ['* [ ] it starts\n* [x] it stops', ['it starts', 'it stops']],
  ['it starts\n\nit stops\r\n', ['it starts', 'it stops']],
  ['- it starts\n  within a second\n- it stops', ['it starts within a second', 'it stops']],
  ['Must:\n- it starts', ['Must:', 'it starts']],
  ['- \n', []],
])('splits %j', (text, criteria) => {
  expect(splitAcceptance(text)).toEqual({ criteria, unescaped: false });
});

it('reads written-out line breaks before bullets', () => {
  expect(splitAcceptance('- it starts\\n- it stops')).toEqual({
    criteria: ['it starts', 'it stops'],
    unescaped: true,
  });
});

it('leaves a written-out \\n inside a sentence alone', () => {
  expect(splitAcceptance('prints a\\nb').criteria).toEqual(['prints a\\nb']);
});
