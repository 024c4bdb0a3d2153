import { expect, test } from 'vitest';
import { checkTemplate } from './check-template.ts';
import { DEFAULT_PULL_BODY, DEFAULT_PULL_TITLE, PULL_SAMPLE } from './pull-templates.ts';
import { renderPull } from './render-pull.ts';

const TEMPLATES = { title: DEFAULT_PULL_TITLE, body: DEFAULT_PULL_BODY };
const context = (facts: Partial<(typeof PULL_SAMPLE)['issue']>) => ({
  ...PULL_SAMPLE,
  issue: { ...PULL_SAMPLE.issue, id: 'i1', ...facts },
  run: { id: 'r1' },
});

test('the built-in texts are good, and leave out what an issue does not say', async () => {
  for (const text of Object.values(TEMPLATES))
    expect(await checkTemplate(text, PULL_SAMPLE)).toEqual([]);
  expect(renderPull(TEMPLATES, context({ description: '', acceptance_criteria: [] })).body).toBe(
    'Issue i1\n\n<!-- jit-dispatch: run r1 -->\n',
  );
});

test('a title is one line of a length that forges take, and never empty', () => {
  const titleOf = (title: string) => renderPull(TEMPLATES, context({ title })).title;
  expect(titleOf(' two\n\tlines\u001b[31m\u202e ')).toBe('two lines [31m');
  expect(titleOf('\u0007')).toBe('Issue i1');
  const long = titleOf(`${'x'.repeat(238)}😀y`);
  expect(long).toBe(`${'x'.repeat(238)}…`);
});

test('a text is cut before the mark of its run, and a template that fails says its key', () => {
  const { body } = renderPull(TEMPLATES, context({ description: 'x'.repeat(100_000) }));
  expect(body.length).toBeLessThan(61_000);
  expect(body.endsWith('…\n\n<!-- jit-dispatch: run r1 -->\n')).toBe(true);
  expect(() => renderPull({ ...TEMPLATES, body: '{{ nothing }}' }, context({}))).toThrow(
    expect.objectContaining({ code: 'CONTEXT_BUILD_FAILED', hint: 'correct pull_request.body' }),
  );
});
