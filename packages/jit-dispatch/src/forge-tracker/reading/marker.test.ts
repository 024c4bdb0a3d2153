import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Marker, readMarker, withMarker, withoutMarker } from './marker.ts';

const RELEASE: Marker = {
  kind: 'release',
  claim: 7,
  how: 'released',
  reason: null,
  failed: null,
  defer_until: null,
  by: 'd',
};

test('whatever people and programs write, a marker comes back as it was, and the text too', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'grapheme' }),
      (text, reason) => {
        const marker: Marker = { ...RELEASE, reason };
        const body = withMarker(text, marker);
        expect(readMarker(body)).toEqual(marker);
        expect(withoutMarker(body)).toBe(text.trimEnd());
        // As forges store it.
        expect(readMarker(body.replaceAll('\n', '\r\n'))).toEqual(marker);
      },
    ),
    {
      examples: [
        ['x -->', '--> <!-- -- '],
        ['', '\u2028'],
      ],
    },
  );
});

test('nothing in a marker ends the part that is hidden', () => {
  const body = withMarker('x', { ...RELEASE, reason: '--> <script> --' });
  expect(body.match(/-->/g)).toHaveLength(1);
  expect(body.match(/</g)).toHaveLength(1);
});

test.each([
  ['a quotation', `> ${withMarker('', RELEASE).trim()}`],
  ['text behind it', `${withMarker('x', RELEASE)} and more`],
  ['half of it', withMarker('x', RELEASE).slice(0, -9)],
  ['another shape', '<!-- jit-dispatch:release {"claim":"x"} -->'],
  ['another kind', '<!-- jit-dispatch:dance {} -->'],
  ['no JSON', '<!-- jit-dispatch:release {x} -->'],
  ['code', `\`\`\`\n${withMarker('x', RELEASE)}\n\`\`\``],
])('%s is no marker', (_, body) => {
  expect(readMarker(body)).toBeNull();
});
