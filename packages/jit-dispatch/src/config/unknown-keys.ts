import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { z } from 'zod';
import type { KeyPath } from './locate-key.ts';
import type { Problem } from './problem.ts';
import { DispatchFile } from './schema.ts';

interface Table {
  readonly path: KeyPath;
  readonly keys: readonly string[];
  readonly known: readonly string[];
}

/** Keys nobody reads. */
export async function findUnknownKeys(
  document: Readonly<Record<string, unknown>>,
): Promise<Problem[]> {
  const unknown: Problem[] = [];
  for (const { path, keys, known } of tablesOf(document)) {
    for (const key of keys.filter((each) => !known.includes(each))) {
      const at = [...path, key];
      const nearest = await suggest(key, known);
      unknown.push({
        path: at,
        message: `unknown key, ignored; ${didYouMean(nearest, 'see dispatch.toml.example')}`,
      });
    }
  }
  return unknown;
}

/** The document's tables, each with the keys that its schema knows. */
function tablesOf(document: Readonly<Record<string, unknown>>): Table[] {
  const tables: Table[] = [];
  const visit = (value: unknown, schema: unknown, path: KeyPath): void => {
    const known = unwrap(schema);
    if (known instanceof z.ZodArray && Array.isArray(value)) {
      for (const [index, each] of value.entries()) visit(each, known.element, [...path, index]);
    } else if (known instanceof z.ZodObject && isTable(value)) {
      tables.push({ path, keys: Object.keys(value), known: Object.keys(known.shape) });
      for (const [key, each] of Object.entries(value))
        visit(each, known.shape[key], [...path, key]);
    }
  };
  visit(document, DispatchFile, []);
  return tables;
}

function unwrap(schema: unknown): unknown {
  const isWrapped =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional;
  return isWrapped ? unwrap(schema.unwrap()) : schema;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
