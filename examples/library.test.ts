// Runs the programs of docs/library.md, and holds the page against the methods that there are.
import { expect, test } from 'vitest';
import { textOf } from './test-tools.ts';
import { playTour } from './tour.ts';

test('the programs of docs/library.md print what stands below them', {
  timeout: 300_000,
}, async () => {
  const count = await playTour('docs/library.md');
  expect(count).toBeGreaterThan(8);
  console.log(`library: ${count} commands`);
});

test('every method of a dispatcher is called in docs/library.md', () => {
  const [, object = ''] = textOf('packages/jit-dispatch/library.gen.d.ts').split(
    'interface JitDispatcher {',
  );
  const methods = [...(object.split('\n}')[0] ?? '').matchAll(/^ {4}(\w+)[(<]/gm)].map(
    ([, name]) => name,
  );
  expect(methods.length).toBeGreaterThan(25);
  const page = textOf('docs/library.md');
  expect(methods.filter((name) => !page.includes(`${name}(`))).toEqual([]);
});
