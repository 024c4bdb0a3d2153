import { usageError } from '@jit/contract/errors';
import type { SettingOutput } from '@jit/contract/outputs/config';
import type { JitContext } from '../../context.ts';
import type { SettingKey } from '../../domain/settings.ts';
import { isSettingKey, nearestKey, SETTING_KEYS, SETTINGS } from '../../domain/settings.ts';

/** The key of a setting, as the commands take it. */
export const keyArgument = {
  name: 'setting',
  required: true,
  describe: 'the setting, such as user.name; jit config list shows all',
} as const;

/** Which file is changed. */
export const userOption = {
  user: {
    type: 'boolean',
    describe: 'in the file of the user, for all trackers, instead of that of this tracker',
  },
} as const;

/** The setting that is meant. Errors: USAGE with the nearest one. */
export function settingKey(text: string): SettingKey {
  if (isSettingKey(text)) return text;
  const nearest = nearestKey(text);
  throw usageError(`there is no setting '${text}'`, {
    hint: nearest === null ? 'jit config list shows all settings.' : `did you mean '${nearest}'?`,
    details: { key: text, nearest, accepted: SETTING_KEYS },
  });
}

/** A setting as it holds for this call. */
export function toSetting(context: JitContext, key: SettingKey): SettingOutput {
  const { value, source, from } = context.settings.resolve(key);
  const { fallback, description } = SETTINGS[key];
  return { key, value, source, from, default: fallback, description };
}
