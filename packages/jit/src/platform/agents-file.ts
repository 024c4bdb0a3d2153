import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { withAgentsBlock } from '../domain/agents-block.ts';
import { readBytes, replaceFile } from './replace-file.ts';

/** A change of AGENTS.md, decided and not yet made. */
export interface AgentsChange {
  readonly file: string;
  readonly changed: boolean;
  /** Writes it. Errors: AGENTS_CHANGED (6), AGENTS_CLOSED (5). */
  write(): void;
}

/** Prepares the block of jit in the AGENTS.md of a folder. Errors: AGENTS_MARKS (4), AGENTS_CLOSED (5). */
export function planAgentsFile(folder: string): AgentsChange {
  const file = join(folder, 'AGENTS.md');
  const before = guarded(file, 'read', () => readBytes(file));
  // One byte, one letter: whatever the encoding, the rest stays as it is.
  const after = Buffer.from(withAgentsBlock(before?.toString('latin1') ?? ''), 'latin1');
  const changed = before === null || !after.equals(before);
  return {
    file,
    changed,
    write() {
      if (!changed || guarded(file, 'written', () => replaceFile(file, before, after))) return;
      throw new JitError(
        'conflict',
        'AGENTS_CHANGED',
        `${file} was changed meanwhile: left alone`,
        {
          hint: 'Try again.',
          retryable: true,
          details: { file },
        },
      );
    },
  };
}

function guarded<T>(file: string, what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new JitError('permission', 'AGENTS_CLOSED', `${file} can't be ${what}: ${why}`, {
      hint: 'jit keeps a block of text in this file: look what is in its place, and at its rights.',
      details: { file },
      cause: error,
    });
  }
}
