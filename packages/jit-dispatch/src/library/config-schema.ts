import type { JsonSchema } from '@jit/contract/outputs/json-schema';

/** The JSON Schema of the configuration. */
export async function schemaOfConfig(): Promise<JsonSchema> {
  const { configSchema } = await import('../operations/setup/config-schema.ts');
  return configSchema();
}
