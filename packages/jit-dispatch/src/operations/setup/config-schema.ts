import type { JsonSchema } from '@jit/contract/outputs/json-schema';
import { z } from 'zod';
import { DispatchFile } from '../../config/schema.ts';

/** The JSON Schema of the configuration, for editors. */
export function configSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(DispatchFile, { io: 'input' });
  return { $schema, title: 'dispatch.toml: the configuration of jit-dispatch', ...schema };
}
