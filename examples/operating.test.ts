// Plays the operator's tour of docs/operating.md, with a running dispatcher.
import { expect, test } from 'vitest';
import { playTour } from './tour.ts';

test("the operator's tour prints what docs/operating.md says", { timeout: 300_000 }, async () => {
  const count = await playTour('docs/operating.md');
  expect(count).toBeGreaterThan(10);
  console.log(`operator's tour: ${count} commands`);
});
