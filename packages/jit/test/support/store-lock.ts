import { join } from 'node:path';
import { StoreLock } from '../../src/store/journal/lock.ts';
import { layoutOf } from '../../src/store/layout.ts';

/** Takes the lock of the tracker in a folder, as another process would; the answer gives it back. */
export function openStoreLock(dir: string): () => void {
  const lock = new StoreLock(layoutOf(join(dir, '.jit')), { actor: 'other', command: 'a test' });
  lock.take(1000);
  return () => lock.close();
}
