import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { JitError } from '@jit/contract/errors';
import type { GatePresetOutput } from '@jit/contract/outputs/gate';
import type { GatePreset } from '../../domain/gate-presets.ts';
import { GATE_PRESETS } from '../../domain/gate-presets.ts';

/** The preset of this name. Errors: PRESET_NOT_FOUND (3) with the nearest. */
export async function findPreset(name: string): Promise<GatePreset> {
  const preset = GATE_PRESETS.find((each) => each.name === name);
  if (preset !== undefined) return preset;
  const names = GATE_PRESETS.map((each) => each.name);
  const nearest = await suggest(name, names);
  const known = `There are ${names.join(', ')}.`;
  throw new JitError('not_found', 'PRESET_NOT_FOUND', `there is no preset "${name}"`, {
    hint: nearest === undefined ? known : `${didYouMean(nearest, '')} ${known}`,
    details: { preset: name, accepted: names, nearest: nearest ?? null },
  });
}

/** A preset as commands print it. */
export function toPreset({ name, title, gates }: GatePreset): GatePresetOutput {
  return {
    name,
    title,
    gates: gates.map((gate) => ({ ...gate, mode: gate.command === null ? 'manual' : 'auto' })),
  };
}
