import { MIN_PREFIX } from '@jit/contract/ids';

/** The shortest beginning of an id, of at least 4 characters, that none of its rivals has. */
export function shortIdAmong(id: string, rivals: Iterable<string>): string {
  let length = MIN_PREFIX;
  for (const rival of rivals) {
    if (rival !== id) length = Math.max(length, sharedLength(id, rival) + 1);
  }
  return id.slice(0, length);
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
