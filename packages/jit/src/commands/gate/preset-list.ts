import type { GatePresetOutput } from '@jit/contract/outputs/gate';
import { defineCommand } from '../../cli/define-command.ts';
import { GATE_PRESETS } from '../../domain/gate-presets.ts';
import { toPreset } from './_find-preset.ts';

export const presetList = defineCommand({
  path: 'gate preset list',
  summary: 'gates for common stacks',
  examples: [{ argv: 'gate preset list', does: 'each with its gates' }],
  output: 'GatePreset[]',
  run: (): GatePresetOutput[] => GATE_PRESETS.map(toPreset),
  render: (presets, style) =>
    style.table(
      presets.map(({ name, title, gates }) => [
        name,
        gates.map(({ key }) => key).join(', '),
        title,
      ]),
      ['preset', 'gates', 'for'],
    ),
});
