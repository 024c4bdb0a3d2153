import { z } from 'zod';

/** A setting, its value and where that comes from. */
export const SettingOutput = z
  .strictObject({
    key: z.string(),
    value: z.union([z.string(), z.number()]).nullable().describe('null: nothing is set'),
    source: z.enum(['flag', 'environment', 'project', 'user', 'default']),
    from: z.string().nullable().describe('the flag, variable or file; null for a default'),
    default: z.string().describe('what holds where nothing is set, in words'),
    description: z.string(),
  })
  .meta({ id: 'Setting' });
export type SettingOutput = z.infer<typeof SettingOutput>;

/** What `jit config set` and `unset` print. */
export const SettingChangeOutput = z
  .strictObject({
    key: z.string(),
    value: z.union([z.string(), z.number()]).nullable().describe('in that file; null: not set'),
    file: z.string(),
    changed: z.boolean(),
  })
  .meta({ id: 'SettingChange' });
export type SettingChangeOutput = z.infer<typeof SettingChangeOutput>;
