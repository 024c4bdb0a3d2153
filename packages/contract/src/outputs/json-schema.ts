import { z } from 'zod';
import { outputSchema } from './registry.ts';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Record<string, unknown>;

/** The schema of one output, complete in itself. */
export function schemaOf(output: string, title: string): JsonSchema {
  const { $schema, ...schema } = toJsonSchema(output);
  return { $schema, title, ...schema };
}

/** The schemas of a program's answers in one document, and which command prints which. */
export function documentOf(program: string, commands: ReadonlyMap<string, string>): JsonSchema {
  const $defs: JsonSchema = {};
  for (const name of ['Error', ...commands.values()]) {
    if ($defs[name] !== undefined) continue;
    const { $schema, $defs: inner, ...schema } = toJsonSchema(name);
    Object.assign($defs, inner);
    if ($defs[name] === undefined || schema.$ref === undefined) $defs[name] = schema;
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `${program}: what its commands print with --json`,
    $defs,
    'x-commands': Object.fromEntries(
      [...commands].map(([path, name]) => [path, { $ref: `#/$defs/${pointer(name)}` }]),
    ),
    'x-error': { $ref: '#/$defs/Error' },
  };
}

function toJsonSchema(output: string): JsonSchema {
  const schema = outputSchema(output);
  if (schema === undefined) throw new Error(`there is no output named ${output}`);
  return { ...z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'output' }) };
}

/** A name as part of a JSON pointer in a URI. */
function pointer(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}
