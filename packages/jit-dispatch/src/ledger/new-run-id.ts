import { ID_ALPHABET } from '@jit/contract/ids';

const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;

/** A run id: sorts by time, unique, safe in paths and names. A ULID in lower case. */
export function newRunId(timeMs: number, randomBytes: Uint8Array): string {
  let time = '';
  for (let rest = timeMs, length = 0; length < TIME_LENGTH; length += 1) {
    time = ID_ALPHABET.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  const random = [...randomBytes.subarray(0, RANDOM_LENGTH)].map((byte) =>
    ID_ALPHABET.charAt(byte % 32),
  );
  return time + random.join('');
}
