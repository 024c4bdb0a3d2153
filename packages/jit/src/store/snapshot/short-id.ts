import { MIN_PREFIX } from '@jit/contract/ids';

/** The shortest beginning of an id, of at least 4 characters, that none of its rivals has. */
export function shortIdAmong(id: string, rivals: readonly Iterable<string>[]): string {
  let length = MIN_PREFIX;
  for (const names of rivals) {
    for (const name of names) {
      if (name !== id) length = Math.max(length, sharedLength(id, name) + 1);
    }
  }
  return id.slice(0, length);
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
