import type { GatePresetAppliedOutput } from '@jit/contract/outputs/gate';
import { defineCommand } from '../../cli/define-command.ts';
import { isTrusted, trustOwn } from '../../cli/gate-trust.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import { DEFAULT_CHECKER_TIMEOUT_SECS } from '../../domain/gate.ts';
import { applyPreset } from '../../operations/apply-preset.ts';
import { issuesWithGate } from '../../operations/gate-definitions.ts';
import { toGate } from '../../views/gate.ts';
import { timeoutOption } from './_checker-options.ts';
import { findPreset } from './_find-preset.ts';

export const presetApply = defineCommand({
  path: 'gate preset apply',
  summary: 'define the gates of a preset, and put them on issues',
  description:
    'Gates that are defined the same stay; one that is defined otherwise refuses all of it. What it defines is trusted on this machine.',
  examples: [
    { argv: 'gate preset apply node', does: 'defines its gates' },
    {
      argv: 'gate preset apply rust 7kq2 --except format --timeout 1800',
      does: 'all but one of them, with half an hour each, and puts them on an issue',
    },
  ],
  positionals: [
    { name: 'preset', required: true, describe: 'the preset' },
    { name: 'id', variadic: true, describe: 'an issue that gets the gates' },
  ],
  options: {
    except: { type: 'list', split: ',', placeholder: 'KEY', describe: 'not this gate' },
    timeout: timeoutOption,
  },
  output: 'GatePresetApplied',
  exits: [
    '2 --except names a gate that the preset does not have',
    '3 no such preset or issue',
    '4 an issue is finished',
    '6 a key is defined otherwise (GATE_EXISTS): nothing was changed',
  ],
  async run(context, args): Promise<GatePresetAppliedOutput> {
    const preset = await findPreset(args.preset);
    const applied = writeTracker(context, (tx) =>
      applyPreset(tx, {
        preset,
        except: args.except,
        timeoutSecs: args.timeout ?? DEFAULT_CHECKER_TIMEOUT_SECS,
        issues: args.id,
      }),
    );
    const { gates, defined, issues } = applied;
    for (const gate of gates) if (gate.mode === 'auto') trustOwn(context, gate);
    return context.store.read((tx) => ({
      preset: preset.name,
      changed: defined.length > 0 || issues.some(({ added }) => added.length > 0),
      defined: [...defined],
      gates: gates.map((asked) =>
        toGate(tx.gate(asked.key) ?? asked, issuesWithGate(tx, asked.key), (gate) =>
          isTrusted(context, gate),
        ),
      ),
      issues: issues.map(({ id, added }) => ({ id, added: [...added] })),
    }));
  },
  render: ({ preset, changed, defined, gates, issues }, style) => {
    const keys = gates.map(({ key }) => key).join(', ');
    const what = defined.length === 0 ? 'no gate is new' : `defined ${defined.join(', ')}`;
    const where = issues.map(({ id, added }) => `${id}: ${added.join(', ') || 'nothing new'}`);
    const head = style.bold(changed ? `applied ${preset}` : `${preset} unchanged`);
    return [`${head} · ${keys} · ${what}`, ...where].join('\n');
  },
});
