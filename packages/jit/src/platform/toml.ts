import { createRequire } from 'node:module';
import type * as SmolToml from 'smol-toml';

/** What is wrong with a text that is no TOML: the line counts from 1. */
export interface TomlProblem {
  readonly line: number;
  readonly message: string;
}

/** A parsed TOML document, or what is wrong with it. */
export type ParsedToml =
  | { readonly document: Readonly<Record<string, unknown>> }
  | { readonly problem: TomlProblem };

/** Parses TOML. The library is loaded by the first call: most calls of jit have nothing to parse. */
export function parseToml(text: string): ParsedToml {
  const { parse, TomlError } = library();
  try {
    return { document: parse(text) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [summary = ''] = error.message.split('\n');
    const message = summary.replace('Invalid TOML document: ', '');
    return { problem: { line: error.line, message } };
  }
}

/** A text as a TOML string. */
export function tomlText(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}

/** In the bundle the library lies beside the program; in the sources it is an installed package. */
function library(): typeof SmolToml {
  if (typeof __SQLITE_VERSION__ !== 'undefined') return require('smol-toml');
  return createRequire(import.meta.url)('smol-toml');
}
