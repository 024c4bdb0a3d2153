import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor, REDACTED } from './redact.ts';

function redact(secrets: readonly string[], chunks: readonly Uint8Array[]): Buffer {
  const redactor = createRedactor(secrets);
  return Buffer.concat([...chunks.map((chunk) => redactor.push(chunk)), redactor.flush()]);
}

/** The same on the whole: byte by byte, the longest secret that begins here. */
function model(secrets: readonly string[], whole: Buffer): Buffer {
  const text = whole.toString('latin1');
  const needles = secrets
    .map((secret) => Buffer.from(secret).toString('latin1'))
    .sort((a, b) => b.length - a.length);
  let out = '';
  for (let at = 0; at < text.length; ) {
    const found = needles.find((needle) => text.startsWith(needle, at));
    out += found === undefined ? text.charAt(at) : REDACTED;
    at += found?.length ?? 1;
  }
  return Buffer.from(out, 'latin1');
}

test('a secret goes, also where it is cut into chunks, and everything else comes through at once', () => {
  const redactor = createRedactor(['hunter22', 'hunter22-and-more']);
  const push = (text: string) => redactor.push(Buffer.from(text)).toString();
  expect(push('no secret\n')).toBe('no secret\n');
  expect(push('it is hun')).toBe('it is ');
  expect(push('ter22')).toBe('');
  expect(push('-and-less ')).toBe('[redacted]-and-less ');
  expect(push('hunter22-and-m')).toBe('');
  expect(push('ore\n')).toBe('[redacted]\n');
  expect(push('hunt')).toBe('');
  expect(redactor.flush().toString()).toBe('hunt');
});

test('bytes that are no text come through as they are', () => {
  const bytes = Buffer.from([0xff, 0xc3, 0x28, 0x00, 0xe2, 0x82]);
  expect(redact(['hunter22'], [bytes])).toEqual(bytes);
});

test('any secrets in any chunks: the same as replacing them in the whole, and never more held back', () => {
  const few = fc.stringMatching(/^[xyzü]{1,6}$/);
  let count = 0;
  fc.assert(
    fc.property(
      fc.array(few, { minLength: 1, maxLength: 4 }),
      fc.array(fc.oneof(few, fc.stringMatching(/^[xyzü\n]{0,12}$/)), { maxLength: 12 }),
      fc.array(fc.nat(7), { minLength: 1 }),
      (secrets, parts, lengths) => {
        const whole = Buffer.from(parts.join(''));
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < whole.length; turn += 1) {
          const length = (lengths[turn % lengths.length] ?? 0) + 1;
          chunks.push(whole.subarray(at, at + length));
          at += length;
        }
        const result = redact(secrets, chunks);
        expect(result).toEqual(model(secrets, whole));
        for (const secret of secrets) expect(result.includes(secret)).toBe(false);

        const longest = Math.max(...secrets.map((secret) => Buffer.byteLength(secret)));
        const redactor = createRedactor(secrets);
        const early = Buffer.concat(chunks.map((chunk) => redactor.push(chunk)));
        const rest = redactor.flush();
        expect(Buffer.concat([early, rest])).toEqual(result);
        expect(rest.toString().replaceAll(REDACTED, '').length).toBeLessThan(longest);
        count += 1;
      },
    ),
    { numRuns: 2_000 },
  );
  console.log(`${count} streams redacted as a whole and in chunks: 0 different, 0 leaks`);
});
