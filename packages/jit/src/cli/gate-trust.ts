import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import type { JitContext } from '../context.ts';
import type { Gate } from '../domain/gate.ts';
import { checkerMeaning } from '../domain/gate.ts';
import type { AutoGate } from '../domain/gate-run.ts';
import { inQuotes } from '../domain/output-tail.ts';
import { sha256 } from '../platform/crypto.ts';
import { hasState, userStateFolder, writeState } from '../platform/user-state.ts';

/**
 * Whether this user lets this machine run a gate's checker. The record lies outside the repository, so
 * that none can bring its own; it names this `.jit` and what the definition does, so that a changed
 * definition, and the same one elsewhere, is asked for again. Null for manual gates.
 */
export function isTrusted(context: JitContext, gate: Gate): boolean | null {
  if (gate.mode !== 'auto') return null;
  const path = recordOf(context, gate);
  return path !== null && hasState(path);
}

/** Trusts a definition from now on. Returns why that could not be kept, or null. */
export function trustGate(context: JitContext, gate: Gate): string | null {
  const path = recordOf(context, gate);
  if (path === null) return 'there is no home folder to keep it in';
  if (hasState(path)) return null;
  const { key, stage, checker } = gate;
  const what = { tracker: context.where.dir, gate: key, stage, checker, by: context.actor };
  return writeState(path, `${JSON.stringify(what, null, 2)}\n`);
}

/** Trusts what this user has just defined; says so on stderr where that could not be kept. */
export function trustOwn(context: JitContext, gate: Gate): void {
  const problem = trustGate(context, gate);
  if (problem === null) return;
  context.warn(`the checker of gate ${gate.key} is not trusted on this machine: ${problem}`);
}

/** Refuses to run definitions that this user has not seen. Errors: GATE_NOT_TRUSTED (5) with the commands. */
export function requireTrusted(context: JitContext, gates: readonly AutoGate[]): void {
  const strange = gates.filter((gate) => isTrusted(context, gate) !== true);
  if (strange.length === 0) return;
  const commands = strange.map(({ key, checker }) => `${key} runs ${inQuotes(checker.command)}`);
  throw new JitError(
    'permission',
    'GATE_NOT_TRUSTED',
    `nothing was run: not trusted on this machine: ${commands.join('; ')}`,
    {
      hint: `Read it first; jit gate trust ${strange.map(({ key }) => key).join(' ')} lets this machine run it.`,
      details: {
        gates: strange.map(({ key, stage, checker }) => ({ gate: key, stage, ...checker })),
      },
    },
  );
}

function recordOf(context: JitContext, gate: Gate): string | null {
  const folder = userStateFolder(context.io.env);
  if (folder === null) return null;
  const name = sha256(`${realpathSync(context.where.dir)}\n${checkerMeaning(gate)}`);
  return join(folder, 'trusted-checkers', name.toString('hex'));
}
