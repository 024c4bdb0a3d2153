import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headAndTail } from './head-and-tail.ts';

test('keeps the beginning and the end of any output, however it is cut, and names the gap', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 60 }), { maxLength: 20 }),
      (head, tail, chunks) => {
        const kept = headAndTail(head, tail);
        for (const chunk of chunks) kept.add(Buffer.from(chunk));
        const all = chunks.join('');
        const left = all.length - head - tail;
        const gap = `\n[… ${left} bytes left out …]\n`;
        const expected = left <= 0 ? all : `${all.slice(0, head)}${gap}${all.slice(head + left)}`;
        expect(kept.bytes().toString()).toBe(expected);
        expect(kept.total).toBe(all.length);
        const end = kept.end(tail).toString();
        expect(all.endsWith(end) && end.length === Math.min(tail, all.length)).toBe(true);
      },
    ),
  );
});
