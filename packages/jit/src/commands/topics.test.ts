import { expect, test } from 'vitest';
import { SETTINGS } from '../domain/settings.ts';
import { TOPICS } from './topics.ts';

test.each(Object.keys(TOPICS) as (keyof typeof TOPICS)[])(
  'jit help %s fits 80 columns',
  (topic) => {
    const tooWide = TOPICS[topic].split('\n').filter((line) => line.length > 80);
    expect(tooWide).toEqual([]);
  },
);

test('jit help environment names every variable that gives a setting', () => {
  const names = Object.values(SETTINGS).flatMap(({ env }) => env);
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) expect(TOPICS.environment).toMatch(new RegExp(`^${name} `, 'm'));
});
