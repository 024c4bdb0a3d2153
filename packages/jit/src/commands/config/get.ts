import { defineCommand } from '../../cli/define-command.ts';
import { keyArgument, settingKey, toSetting } from './_key.ts';

export const get = defineCommand({
  path: 'config get',
  summary: 'the value of one setting',
  examples: [{ argv: 'config get user.name', does: 'prints the name that events get' }],
  positionals: [keyArgument],
  output: 'Setting',
  exits: [
    '2 there is no such setting',
    '4 a configuration file can not be read, or holds a value that does not fit',
  ],
  run: (context, args) => toSetting(context, settingKey(args.setting)),
  render: ({ value }) => (value === null ? '' : String(value)),
});
