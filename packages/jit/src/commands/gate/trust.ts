import { JitError, usageError } from '@jit/contract/errors';
import type { GateTrustedOutput } from '@jit/contract/outputs/gate';
import { defineCommand } from '../../cli/define-command.ts';
import { isTrusted, trustGate } from '../../cli/gate-trust.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import type { JitContext } from '../../context.ts';
import type { AutoGate } from '../../domain/gate-run.ts';
import { inQuotes } from '../../domain/output-tail.ts';
import { findGate, gateNotFound } from '../../operations/gate-definitions.ts';
import { withChecker } from '../../operations/gate-runs.ts';
import type { ReadTx } from '../../store/store.ts';
import { withNearestKey } from './_nearest-key.ts';

export const trust = defineCommand({
  path: 'gate trust',
  summary: 'let this machine run the checkers of gates',
  description:
    'For definitions that came with the repository: read what is printed. Kept in the home folder of this user and not in the repository; a definition that changes is asked for again.',
  examples: [{ argv: 'gate trust tests', does: 'prints what it runs, and trusts it' }],
  positionals: [{ name: 'key', variadic: true, describe: 'a gate' }],
  options: { all: { type: 'boolean', describe: 'every automatic gate' } },
  output: 'GateTrusted[]',
  exits: [
    '3 no such gate (with the nearest)',
    '4 GATE_NOT_AUTO: it runs nothing',
    '5 TRUST_NOT_STORED: it could not be kept',
  ],
  async run(context, { key, all }): Promise<GateTrustedOutput[]> {
    if (all === key.length > 0) throw usageError('give either keys or --all');
    const gates = await withNearestKey(() =>
      readTracker(context, (tx) =>
        all
          ? tx
              .gates()
              .filter(({ mode }) => mode === 'auto')
              .map(withChecker)
          : named(tx, key),
      ),
    );
    return gates.map((gate) => trusted(context, gate));
  },
  render: (gates, style) => {
    if (gates.length === 0) return style.isTty ? style.dim('no automatic gates') : '';
    return gates.map((gate) => inWords(gate)).join('\n');
  },
});

function named(tx: ReadTx, keys: readonly string[]): AutoGate[] {
  return [...new Set(keys)].map((key) => {
    const gate = findGate(tx, key);
    if (gate === undefined) throw gateNotFound(tx, key);
    if (gate.mode === 'auto') return withChecker(gate);
    throw new JitError('invalid', 'GATE_NOT_AUTO', `gate ${key} is manual: it runs nothing`, {
      details: { gate: key },
    });
  });
}

function trusted(context: JitContext, gate: AutoGate): GateTrustedOutput {
  const before = isTrusted(context, gate) === true;
  const problem = trustGate(context, gate);
  const { key, stage, checker } = gate;
  if (problem !== null) {
    throw new JitError('permission', 'TRUST_NOT_STORED', `gate ${key} is not trusted: ${problem}`, {
      hint: 'It is kept in $XDG_STATE_HOME/jit, else in ~/.local/state/jit: make that writable.',
      details: { gate: key },
    });
  }
  return { key, stage, checker: { ...checker, env: { ...checker.env } }, changed: !before };
}

function inWords({ key, checker, changed }: GateTrustedOutput): string {
  const { command, working_dir, env, timeout_secs } = checker;
  const variables = Object.entries(env).map(([name, value]) => ` with ${name}=${inQuotes(value)}`);
  const where = working_dir === null ? '' : ` in ${inQuotes(working_dir)}`;
  const how = `${inQuotes(command)}${where}${variables.join('')}, at most ${timeout_secs} s`;
  return `${changed ? 'trusted' : 'trusted before'}: ${key} runs ${how}`;
}
