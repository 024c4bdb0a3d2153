// Plays the console blocks of README.md in a new tracker and compares what is printed there.
import { expect, test } from 'vitest';
import { playTour } from './tour.ts';

test('the tour of the README prints what the README says', { timeout: 180_000 }, async () => {
  expect(await playTour('README.md')).toBeGreaterThan(10);
});
