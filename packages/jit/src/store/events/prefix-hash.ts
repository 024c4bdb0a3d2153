/** The hash of nothing. */
export const EMPTY_HASH = '811c9dc5.1b873593';

/**
 * A hash that can be carried on: `extendHash(extendHash(h, a), b)` is the hash of `a` and `b`
 * together. It tells a file that only grew from one that was changed; it keeps out no attacker.
 */
export function extendHash(hash: string, bytes: Uint8Array): string {
  const [first = '', second = ''] = hash.split('.');
  let a = Number.parseInt(first, 16) | 0;
  let b = Number.parseInt(second, 16) | 0;
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul((b << 13) | (b >>> 19), 5) + (byte ^ 0x6b) + 0x64;
  }
  return `${(a >>> 0).toString(16)}.${(b >>> 0).toString(16)}`;
}
