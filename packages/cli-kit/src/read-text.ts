import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { usageError } from '@jit/contract/errors';
import type { Args } from './option-spec.ts';
import type { TextFile } from './parse.ts';

/** Where `-` is read from. */
export interface TextInput {
  stdin(): AsyncIterable<Uint8Array>;
  readonly stdinIsTty: boolean;
}

/**
 * Reads the files that text options name. Contents are kept byte for byte: no line ending, byte
 * order mark or missing final newline is changed.
 * @param input undefined where stdin serves another purpose, as in a batch
 * @throws JitError usage: unreadable, not UTF-8, empty, stdin not available or wanted twice
 */
export async function readTexts(
  files: readonly TextFile[],
  input: TextInput | undefined,
): Promise<Args> {
  const fromStdin = files.filter(({ path }) => path === '-').map(({ flag }) => flag);
  if (fromStdin.length > 1) {
    throw usageError(`${fromStdin.join(' and ')} cannot both read stdin`);
  }
  const texts: Record<string, string> = {};
  for (const file of files) {
    const name = `${file.flag} ${file.path}`;
    const bytes = file.path === '-' ? await readStdin(name, input) : await readPath(name, file);
    if (!isUtf8(bytes)) throw usageError(`${name} is not valid UTF-8`);
    if (bytes.length === 0 && !file.allowEmpty) throw usageError(`${name} is empty`);
    texts[file.arg] = bytes.toString('utf8');
  }
  return texts;
}

async function readStdin(name: string, input: TextInput | undefined): Promise<Buffer> {
  if (input === undefined) throw usageError(`${name}: stdin is not available here`);
  if (input.stdinIsTty) {
    throw usageError(`${name}: stdin is a terminal`, { hint: 'pipe or redirect the text into it' });
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of input.stdin()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function readPath(name: string, { path }: TextFile): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    throw usageError(`${name} cannot be read: ${cause.code}`, { cause, details: { path } });
  }
}
