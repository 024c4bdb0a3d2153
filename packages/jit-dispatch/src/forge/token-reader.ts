import { readFile, stat } from 'node:fs/promises';
import { forgeError } from './forge-error.ts';
import type { TokenSource } from './forge-options.ts';

/** The token of a source, read once until it is forgotten. */
export interface TokenReader {
  /** Errors: `FORGE_NO_TOKEN`. */
  read(): Promise<string>;
  /** The next one who asks gets what is there then: it may have been replaced. */
  forget(): void;
}

const OTHERS_MAY_READ = 0o077;

export function createTokenReader(
  source: TokenSource,
  environment: NodeJS.ProcessEnv,
): TokenReader {
  let kept: string | null = null;
  return {
    async read() {
      kept ??= check(
        'env' in source ? fromVariable(source.env, environment) : await fromFile(source.file),
        source,
      );
      return kept;
    },
    forget() {
      kept = null;
    },
  };
}

/** The name of a source, for messages. */
export function nameOfSource(source: TokenSource): string {
  return 'env' in source ? `variable ${source.env}` : `file ${source.file}`;
}

function fromVariable(name: string, environment: NodeJS.ProcessEnv): string {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  throw forgeError('FORGE_NO_TOKEN', `variable ${name}, which holds a token, is not set`, {
    hint: `set ${name} in the environment of the dispatcher`,
  });
}

async function fromFile(path: string): Promise<string> {
  try {
    const { mode } = await stat(path);
    if ((mode & OTHERS_MAY_READ) !== 0) throw exposed(path, mode);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    const why = 'code' in error ? String(error.code) : error.name;
    throw forgeError('FORGE_NO_TOKEN', `file ${path}, which holds a token, can't be read: ${why}`, {
      hint: 'write the token into that file, readable by its owner only',
    });
  }
}

function exposed(path: string, mode: number): Error {
  const shown = (mode & 0o777).toString(8).padStart(3, '0');
  return forgeError('FORGE_NO_TOKEN', `file ${path}, which holds a token, has mode ${shown}`, {
    hint: `let only its owner read it: chmod 600 ${path}`,
  });
}

/** What can't stand in a header would be repeated in an error of the library that sends it. */
function check(text: string, source: TokenSource): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw forgeError('FORGE_NO_TOKEN', `${nameOfSource(source)} holds no token`, {
    hint: 'a token is one line without spaces',
  });
}
