import { defineCommand } from '../../cli/define-command.ts';
import { findPreset, toPreset } from './_find-preset.ts';

export const presetShow = defineCommand({
  path: 'gate preset show',
  summary: 'the gates of a preset and what they run',
  examples: [
    { argv: 'gate preset show rust', does: 'tests, lint and format, with their commands' },
  ],
  positionals: [{ name: 'preset', required: true, describe: 'the preset' }],
  output: 'GatePreset',
  exits: ['3 no such preset (with the nearest)'],
  run: async (_, args) => toPreset(await findPreset(args.preset)),
  render: ({ gates }, style) =>
    style.table(
      gates.map(({ key, stage, command, title }) => [
        key,
        stage === 'ready' ? 'entry' : 'exit',
        command ?? 'a person decides',
        title,
      ]),
      ['gate', 'stage', 'runs', 'title'],
    ),
});
