import { expect, test } from 'vitest';
import { linkedIssue } from './linked-issue.ts';

const of = (links: Record<string, string>, metadata: Record<string, unknown> = {}) =>
  linkedIssue({ links, metadata }, 'github', 'acme/anvil');

test.each([
  ['7', 7],
  ['#7', 7],
  ['acme/anvil#7', 7],
  ['Acme/Anvil#7', 7],
  ['https://github.com/acme/anvil/issues/7', 7],
  ['https://git.example.com/sub/acme/anvil/issues/7#issuecomment-3', 7],
])('%s is an issue of the repository', (link, number) => {
  expect(of({ github: link })).toEqual({ number });
});

test('metadata tells it, too, and links come first', () => {
  expect(of({}, { issue_number: 9 })).toEqual({ number: 9 });
  expect(of({ github: '7' }, { github: '9' })).toEqual({ number: 7 });
});

test.each([
  [{ github: 'acme/hammer#7' }, 'is an issue of acme/hammer, not of acme/anvil'],
  [{ github: 'https://github.com/acme/anvil/pull/7' }, 'names no issue'],
  [{ github: '7; rm -rf /' }, 'names no issue'],
  [{ gitea: '7' }, 'is linked to no issue of acme/anvil'],
])('%j says why it is none', (links, words) => {
  expect(of(links)).toMatchObject({ problem: expect.stringContaining(words) });
});
