import { usageError } from '@jit/contract/errors';
import { GATE_STAGES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { isTrusted, trustOwn } from '../../cli/gate-trust.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import { defineGate, gateNotFound, issuesWithGate } from '../../operations/gate-definitions.ts';
import { toGateChange } from '../../views/gate.ts';
import { checkerFrom, checkerOptions, hasCheckerArgs, PLAIN } from './_checker-options.ts';
import { gateInWords } from './_render.ts';

export const define = defineCommand({
  path: 'gate define',
  summary: 'define a gate that issues can carry',
  description:
    'An entry gate (--stage ready) holds back ready, an exit gate (--stage done) holds back done. With --command it is automatic: jit gate run decides it, on this machine at once, on others after jit gate trust. Defining the same again changes nothing.',
  examples: [
    { argv: 'gate define review', does: 'a manual gate before work starts' },
    { argv: 'gate define tests --stage done --title "All tests pass"', does: 'a gate before done' },
    {
      argv: 'gate define tests --stage done --command "npm test" --timeout 900',
      does: 'the same, decided by a command',
    },
  ],
  positionals: [{ name: 'key', required: true, describe: 'what issues call it' }],
  options: {
    title: { type: 'string', alias: 't', describe: 'what it is about, in one line' },
    description: { type: 'text', alias: 'd', allowEmpty: true, describe: 'what to look at' },
    stage: {
      type: 'string',
      choices: GATE_STAGES,
      describe: 'what it holds back; ready unless said otherwise, needed with --command',
    },
    ...checkerOptions,
  },
  output: 'GateChange',
  exits: [
    "2 the key can't be one; --command without --stage; a working folder outside the worktree",
    "4 the file of the gate can't be used",
    '6 the key is defined otherwise (GATE_EXISTS)',
  ],
  async run(context, args) {
    const { key, title, description, stage, command } = args;
    if (command === undefined && hasCheckerArgs(args))
      throw usageError('--timeout, --working-dir and --env go with --command');
    if (command !== undefined && stage === undefined) {
      throw usageError('--command needs --stage', {
        hint: 'ready: before work starts; done: before it counts as done.',
      });
    }
    const checker = command === undefined ? undefined : { command, ...checkerFrom(args, PLAIN) };
    const { asked, changed } = writeTracker(context, (tx) =>
      defineGate(tx, { key, title, description, stage, checker }),
    );
    // What was asked for, and not what is there: that may do more than was typed here.
    if (asked.mode === 'auto') trustOwn(context, asked);
    return context.store.read((tx) => {
      const gate = tx.gate(key);
      if (gate === undefined) throw gateNotFound(tx, key);
      return toGateChange(
        gate,
        issuesWithGate(tx, key),
        (each) => isTrusted(context, each),
        changed,
      );
    });
  },
  render: (gate, style) => {
    const { key, changed } = gate;
    const did = changed ? `defined gate ${key}` : `gate ${key} unchanged`;
    return `${style.bold(did)} · ${gateInWords(gate)}`;
  },
});
