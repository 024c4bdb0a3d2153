import { randomBytes } from '../../platform/crypto.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_LENGTH = 16;

/** A ULID of this wall time in milliseconds whose second part is taken from the given bytes (10 or more). */
export function ulidAt(ms: number, bytes: Uint8Array): string {
  return (
    encode(BigInt(Math.max(0, ms)), 10) + encode(toNumber(bytes.subarray(0, 10)), RANDOM_LENGTH)
  );
}

/** The wall time in milliseconds of a ULID. */
export function ulidTime(id: string): number {
  return Number(decode(id.slice(0, 10)));
}

const DAY_MS = 86_400_000;

/**
 * Ids from here on lie more than a day ahead of `now`: they come from a wrong clock, and new ids need
 * not lie above them.
 */
export function horizonOf(now: number): string {
  return ulidAt(now + DAY_MS, new Uint8Array(10));
}

/**
 * The next ULID: of this time, and above `last`, so that ids drawn under the lock sort in the order
 * in which they were drawn even if the clock goes back.
 */
export function nextUlid(ms: number, last: string): string {
  const fresh = ulidAt(ms, randomBytes(10));
  return fresh > last ? fresh : encode(decode(last) + 1n, 26);
}

function toNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function encode(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest >>= 5n)
    text = ALPHABET[Number(rest & 31n)] + text;
  return text;
}

function decode(text: string): bigint {
  return [...text].reduce(
    (sum, letter) => (sum << 5n) | BigInt(Math.max(0, ALPHABET.indexOf(letter))),
    0n,
  );
}
