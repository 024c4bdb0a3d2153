import { JitError } from '@jit/contract/errors';
import { GATE_STAGES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import { defineGate, gateNotFound, issuesWithGate } from '../../operations/gate-definitions.ts';
import { toGateChange } from '../../views/gate.ts';

export const define = defineCommand({
  path: 'gate define',
  summary: 'define a gate that issues can carry',
  description:
    'An entry gate (--stage ready) holds back ready, an exit gate (--stage done) holds back done. Defining the same again changes nothing.',
  examples: [
    { argv: 'gate define review', does: 'a manual gate before work starts' },
    { argv: 'gate define tests --stage done --title "All tests pass"', does: 'a gate before done' },
  ],
  positionals: [{ name: 'key', required: true, describe: 'what issues call it' }],
  options: {
    title: { type: 'string', alias: 't', describe: 'what it is about, in one line' },
    description: { type: 'text', alias: 'd', allowEmpty: true, describe: 'what to look at' },
    stage: {
      type: 'string',
      choices: GATE_STAGES,
      describe: 'what it holds back; ready unless said otherwise',
    },
    command: { type: 'string', describe: 'not yet: this version runs no checkers and refuses it' },
  },
  output: 'GateChange',
  exits: [
    "2 the key can't be one",
    "4 --command is given (CHECKERS_LATER); the file of the gate can't be used",
    '6 the key is defined otherwise (GATE_EXISTS)',
  ],
  run(context, args) {
    if (args.command !== undefined) throw checkersLater(args.key);
    return writeTracker(context, (tx) => {
      const { changed } = defineGate(tx, args);
      const gate = tx.gate(args.key);
      if (gate === undefined) throw gateNotFound(tx, args.key);
      return toGateChange(gate, issuesWithGate(tx, args.key), changed);
    });
  },
  render: ({ key, stage, changed }, style) => {
    const did = changed ? `defined gate ${key}` : `gate ${key} unchanged`;
    return `${style.bold(did)} · ${stage === 'ready' ? 'entry' : 'exit'} gate, manual`;
  },
});

function checkersLater(key: string): JitError {
  return new JitError(
    'invalid',
    'CHECKERS_LATER',
    'checkers are not run by this version: nothing was changed',
    {
      hint: `Define ${key} without --command and let a person or a script decide it: jit gate pass ID ${key}`,
      details: { gate: key, flag: '--command' },
    },
  );
}
