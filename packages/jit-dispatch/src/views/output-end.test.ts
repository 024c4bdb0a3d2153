import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outputEnd } from './output-end.ts';

test('the end is what is kept, with a mark where something is missing', () => {
  expect(outputEnd('first\nlast\n', 100)).toBe('first\nlast');
  expect(outputEnd('x'.repeat(100), 10)).toBe('…xxxxxxx');
});

test('nothing that a terminal would obey is left', () => {
  expect(outputEnd('\u001b[31mred\u001b[0m\u0007 \u001b]0;title\u0007on\r\noff\u0000', 100)).toBe(
    'red on\noff',
  );
});

test('whatever was printed, the limit holds and no character is cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(50), (text, bytes) => {
      const end = outputEnd(text, bytes);
      expect(Buffer.byteLength(end)).toBeLessThanOrEqual(bytes);
      if (!text.includes('\ufffd')) expect(end).not.toContain('\ufffd');
    }),
  );
});
