import { describe, expect, it } from 'vitest';
import { EMPTY_HASH, extendHash } from './prefix-hash.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the hash of what was read of a file', () => {
  it('is the same in one go and carried on', () => {
    const text = 'one line\nanother line\nä\n';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const carried = extendHash(
        extendHash(EMPTY_HASH, bytes(text.slice(0, cut))),
        bytes(text.slice(cut)),
      );
      expect(carried).toBe(extendHash(EMPTY_HASH, bytes(text)));
    }
  });

  it('is another one after any small change', () => {
    const text = '{"id":"01","type":"claimed"}\n'.repeat(20);
    const hashes = new Set([extendHash(EMPTY_HASH, bytes(text))]);
    for (let at = 0; at < text.length; at += 1)
      hashes.add(extendHash(EMPTY_HASH, bytes(`${text.slice(0, at)}#${text.slice(at + 1)}`)));
    expect(hashes.size).toBe(text.length + 1);
  });
});
