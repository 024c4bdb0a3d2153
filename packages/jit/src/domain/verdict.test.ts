import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inQuotes, outputTail } from './output-tail.ts';
import type { CheckerEnd } from './verdict.ts';
import { endInWords, verdictOf } from './verdict.ts';

const ends: fc.Arbitrary<CheckerEnd> = fc.oneof(
  fc.record({ kind: fc.constant('exited' as const), code: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('killed' as const), signal: fc.constant('SIGKILL') }),
  fc.record({ kind: fc.constant('timed_out' as const), after_secs: fc.nat() }),
  fc.record({ kind: fc.constant('not_started' as const), why: fc.string() }),
);

test('only exit 0 passes, 1 to 125 fail, everything else could not run', () => {
  fc.assert(
    fc.property(ends, (end) => {
      const code = end.kind === 'exited' ? end.code : 999;
      const expected = code === 0 ? 'passed' : code < 126 ? 'failed' : 'could_not_run';
      expect(verdictOf(end)).toBe(expected);
    }),
  );
});

test('an end in words names the signal behind an exit code', () => {
  expect(endInWords({ kind: 'exited', code: 137 })).toBe('exit 137: killed by signal 9');
  expect(endInWords({ kind: 'exited', code: 1 })).toBe('exit 1');
});

test('the last lines are at most 40 and 4,096 characters, without colours and controls', () => {
  const lines = Array.from({ length: 100 }, (_, at) => `\u001b[3${at % 8}mline ${at}\u001b[0m\r\n`);
  expect(outputTail(lines.join('')).split('\n')).toHaveLength(40);
  expect(outputTail('10%\r20%\r\u001b]0;title\u0007done\u0007\n\n')).toBe('10%\n20%\ndone');
  expect(outputTail('x'.repeat(10_000))).toHaveLength(4096);
});

test('a text in quotes is one line of what can be seen', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be left
      expect(inQuotes(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]|\p{Cf}|\p{Zl}|\p{Zp}/u);
    }),
  );
});
