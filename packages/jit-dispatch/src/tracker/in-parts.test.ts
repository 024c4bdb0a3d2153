import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inParts } from './in-parts.ts';
import type { TrackerCall } from './tracker.ts';
import { trackerError } from './tracker-error.ts';

const LIMIT = 16;
const tooLong = () => trackerError('TRACKER_TOO_LONG', 'printed more than 16 MiB', { hint: '' });
const call = (issue: number): TrackerCall => ({ do: 'show', issue: String(issue) });

test('answers that are too long together come one after the other, in order; one that is too long alone is unknown', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), async (sizes) => {
      let asked = 0;
      const answers = await inParts(
        sizes.map((_, index) => call(index)),
        async (part) => {
          asked += 1;
          const ids = part.map((each) => ('issue' in each ? each.issue : ''));
          if (ids.reduce((sum, id) => sum + (sizes[Number(id)] ?? 0), 0) > LIMIT) throw tooLong();
          return ids.map((message) => ({
            is: 'refused',
            exit: 1,
            code: '',
            message,
            retryable: false,
          }));
        },
      );
      expect(answers.map((answer) => ('message' in answer ? answer.message : ''))).toEqual(
        sizes.map((size, index) => (size > LIMIT ? 'printed more than 16 MiB' : String(index))),
      );
      expect(asked).toBeLessThan(2 * sizes.length);
    }),
  );
});

test('any other failure is a failure of all', async () => {
  const failing = async () => {
    throw trackerError('TRACKER_FAILED', 'no', { hint: '' });
  };
  await expect(inParts([call(1), call(2)], failing)).rejects.toThrow('no');
});
