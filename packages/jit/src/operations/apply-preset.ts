import { usageError } from '@jit/contract/errors';
import type { Gate } from '../domain/gate.ts';
import type { GatePreset } from '../domain/gate-presets.ts';
import type { WriteTx } from '../store/store.ts';
import { addGates, defineGate } from './gate-definitions.ts';

/** How a preset is applied. */
export interface PresetInput {
  readonly preset: GatePreset;
  readonly except: readonly string[];
  readonly timeoutSecs: number;
  /** Ids, or prefixes of them, of the issues that get the gates. */
  readonly issues: readonly string[];
}

/** What it did. */
export interface PresetApplied {
  /** The definitions that were asked for, in the order of the preset. */
  readonly gates: readonly Gate[];
  readonly defined: readonly string[];
  readonly issues: readonly { readonly id: string; readonly added: string[] }[];
}

/**
 * Defines the gates of a preset that are not there yet and puts them on issues: all of it or nothing.
 * Errors: USAGE for an --except that the preset does not have, GATE_EXISTS (6) if a key is defined
 * otherwise, those of `addGates`.
 */
export function applyPreset(tx: WriteTx, input: PresetInput): PresetApplied {
  const { preset, except, timeoutSecs } = input;
  const keys = preset.gates.map(({ key }) => key);
  const strange = except.find((key) => !keys.includes(key));
  if (strange !== undefined) {
    throw usageError(`preset ${preset.name} has no gate "${strange}"`, {
      hint: `It has ${keys.join(', ')}.`,
      details: { gate: strange, accepted: keys },
    });
  }
  const done = preset.gates
    .filter(({ key }) => !except.includes(key))
    .map(({ key, title, stage, command }) => {
      const rest = { timeout_secs: timeoutSecs, working_dir: null, env: {} };
      const checker = command === null ? null : { command, ...rest };
      // Who has it already may call it otherwise: what it does counts.
      const words = tx.gate(key) === undefined ? { title } : {};
      return defineGate(tx, { key, stage, checker, ...words });
    });
  const gates = done.map(({ asked }) => asked);
  return {
    gates,
    defined: done.filter(({ changed }) => changed).map(({ asked }) => asked.key),
    issues: input.issues.map((ref) => {
      const id = tx.resolve(ref);
      const before = tx.mustHave(id).gates;
      const added = gates.map(({ key }) => key).filter((key) => before[key] === undefined);
      addGates(tx, id, added, false);
      return { id, added };
    }),
  };
}
