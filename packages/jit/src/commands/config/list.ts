import { defineCommand } from '../../cli/define-command.ts';
import { SETTING_KEYS } from '../../domain/settings.ts';
import { toSetting } from './_key.ts';

export const list = defineCommand({
  path: 'config list',
  summary: 'every setting, its value and where that comes from',
  description:
    'Flags come before the environment, that before config.toml of this tracker, that before the file of the user, that before the default.',
  examples: [{ argv: 'config list', does: 'each setting with its source and default' }],
  output: 'Setting[]',
  exits: ['4 a configuration file can not be read, or holds a value that does not fit'],
  run: (context) => SETTING_KEYS.map((key) => toSetting(context, key)),
  render: (settings, style) =>
    settings
      .map(({ key, value, source, from, default: fallback, description }) => {
        const place = from === null ? source : `${source}: ${from}`;
        return `${style.bold(key)} = ${value ?? 'not set'}  (${place})\n  ${description}; default: ${fallback}`;
      })
      .join('\n'),
});
