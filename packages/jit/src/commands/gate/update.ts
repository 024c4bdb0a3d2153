import { usageError } from '@jit/contract/errors';
import { GATE_STAGES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { isTrusted, trustOwn } from '../../cli/gate-trust.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import type { Checker, Gate } from '../../domain/gate.ts';
import { issuesWithGate, updateGate } from '../../operations/gate-definitions.ts';
import { toGateChange } from '../../views/gate.ts';
import {
  type CheckerArgs,
  checkerFrom,
  checkerOptions,
  hasCheckerArgs,
  PLAIN,
} from './_checker-options.ts';
import { withNearestKey } from './_nearest-key.ts';
import { gateInWords } from './_render.ts';

const CLEARABLE = ['command', 'timeout', 'working-dir', 'env'] as const;

export const update = defineCommand({
  path: 'gate update',
  summary: 'change the definition of a gate',
  description:
    'What is not given stays; --env adds. Results that issues have stay too. A changed checker is trusted on this machine if the rest of it was, and on others after jit gate trust.',
  examples: [
    { argv: 'gate update tests --command "npm test" --timeout 900', does: 'another command' },
    { argv: 'gate update tests --clear command', does: 'a person decides it from now on' },
  ],
  positionals: [{ name: 'key', required: true, describe: 'the gate' }],
  options: {
    title: { type: 'string', alias: 't', describe: 'what it is about, in one line' },
    description: { type: 'text', alias: 'd', allowEmpty: true, describe: 'what to look at' },
    stage: { type: 'string', choices: GATE_STAGES, describe: 'what it holds back' },
    ...checkerOptions,
    clear: {
      type: 'list',
      split: ',',
      choices: CLEARABLE,
      describe: 'back to what it is without; without command the gate is manual',
    },
  },
  output: 'GateChange',
  exits: [
    '2 nothing to change, or flags that contradict each other',
    '3 no such gate (with the nearest)',
    "4 the file of the gate can't be used",
  ],
  async run(context, args) {
    const { key, title, description, stage, clear } = args;
    checkFlags(args);
    const { before, after, changed } = await withNearestKey(() =>
      writeTracker(context, (tx) =>
        updateGate(tx, key, (gate) => ({
          title,
          description,
          stage,
          checker:
            hasCheckerArgs(args) || clear.length > 0 ? changedChecker(gate, args) : undefined,
        })),
      ),
    );
    if (after.mode === 'auto' && (isTrusted(context, before) || isKnown(before, args)))
      trustOwn(context, after);
    const trusted = (gate: Gate) => isTrusted(context, gate);
    if (trusted(after) === false)
      context.warn(
        `the checker of gate ${key} is not trusted on this machine: jit gate show ${key}`,
      );
    return context.store.read((tx) =>
      toGateChange(tx.gate(key) ?? after, issuesWithGate(tx, key), trusted, changed),
    );
  },
  render: (gate, style) => {
    const did = gate.changed ? `changed gate ${gate.key}` : `gate ${gate.key} unchanged`;
    return `${style.bold(did)} · ${gateInWords(gate)}`;
  },
});

type UpdateArgs = CheckerArgs & {
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly stage: string | undefined;
  readonly clear: readonly (typeof CLEARABLE)[number][];
};

function checkFlags(args: UpdateArgs): void {
  const { title, description, stage, clear, command, timeout, workingDir } = args;
  const given = [title, description, stage].some((value) => value !== undefined);
  if (!given && !hasCheckerArgs(args) && clear.length === 0)
    throw usageError('nothing to change is given', { hint: 'see jit gate update --help' });
  if (clear.includes('command') && hasCheckerArgs(args))
    throw usageError('--clear command takes the checker away: it goes with none of its flags');
  const both =
    (clear.includes('timeout') && timeout !== undefined && 'timeout') ||
    (clear.includes('working-dir') && workingDir !== undefined && 'working-dir');
  if (both) throw usageError(`--${both} is both given and cleared`);
  if (command !== undefined && command.trim() === '') throw usageError('--command is empty');
}

/** The checker after the change; null: none. */
function changedChecker(gate: Gate, args: UpdateArgs): Checker | null {
  const { clear } = args;
  const command = args.command ?? gate.checker?.command;
  if (clear.includes('command')) return null;
  if (command === undefined) {
    throw usageError(`gate ${gate.key} is manual: it has no checker to change`, {
      hint: 'Give --command too.',
    });
  }
  const rest = gate.checker ?? PLAIN;
  return {
    command,
    ...checkerFrom(args, {
      timeout_secs: clear.includes('timeout') ? PLAIN.timeout_secs : rest.timeout_secs,
      working_dir: clear.includes('working-dir') ? PLAIN.working_dir : rest.working_dir,
      env: clear.includes('env') ? PLAIN.env : rest.env,
    }),
  };
}

/** Whether all that the checker does was said in this call: what stays of a strange one was not looked at. */
function isKnown({ checker }: Gate, { command, workingDir, clear }: UpdateArgs): boolean {
  if (command === undefined) return false;
  if (checker === null) return true;
  const sameFolder =
    checker.working_dir === null || workingDir !== undefined || clear.includes('working-dir');
  return sameFolder && (Object.keys(checker.env).length === 0 || clear.includes('env'));
}
