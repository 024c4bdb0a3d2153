import { JitError, usageError } from '@jit/contract/errors';
import { idProblem } from '@jit/contract/ids';
import type { GateStage } from '@jit/contract/vocabulary';
import type { Checker, Gate } from '../domain/gate.ts';
import { checkerMeaning } from '../domain/gate.ts';
import { isUnfinished, toSet } from '../domain/issue.ts';
import { sameValue } from '../domain/merge-values.ts';
import type { ReadTx, WriteTx } from '../store/store.ts';
import { advanceGated } from './transitions.ts';

/** What `gate define` is given. */
export interface DefineInput {
  readonly key: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly stage?: GateStage | undefined;
  /** Makes the gate automatic; null: it must be manual. Undefined says nothing of one that is there. */
  readonly checker?: Checker | null | undefined;
}

/**
 * Defines a gate, a manual one unless it has a checker. Returns what was asked for, which is not always
 * what is there. Errors: GATE_EXISTS (6) if another definition has the key, UNREADABLE (4) if its file
 * can't be used.
 */
export function defineGate(tx: WriteTx, input: DefineInput): { asked: Gate; changed: boolean } {
  const problem = idProblem(input.key);
  if (problem !== null) throw usageError(`"${input.key}" is no gate key: ${problem}`);
  const { checker = null } = input;
  const asked: Gate = {
    key: input.key,
    title: input.title ?? input.key,
    description: input.description ?? '',
    stage: input.stage ?? 'ready',
    mode: checker === null ? 'manual' : 'auto',
    checker,
    extra: {},
  };
  const existing = findGate(tx, input.key);
  if (existing === undefined) {
    refuseCaseClash(tx, input.key);
    storeGate(tx, asked);
    return { asked, changed: true };
  }
  if (isSame(input, asked, existing)) return { asked, changed: false };
  throw gateExists(input.key);
}

/** The key is taken by another definition: exit 6. */
export function gateExists(key: string): JitError {
  return new JitError('conflict', 'GATE_EXISTS', `gate ${key} is defined already`, {
    hint: `jit gate show ${key} prints its definition.`,
    details: { gate: key },
  });
}

/** Only what was given counts; a checker counts as a whole. */
function isSame(input: DefineInput, asked: Gate, existing: Gate): boolean {
  const fields = ['title', 'description', 'stage'] as const;
  if (fields.some((field) => input[field] !== undefined && input[field] !== existing[field]))
    return false;
  return input.checker === undefined || checkerMeaning(asked) === checkerMeaning(existing);
}

/** What `gate update` changes; what is undefined stays. */
export interface GateChange {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly stage?: GateStage | undefined;
  /** Null makes the gate manual. */
  readonly checker?: Checker | null | undefined;
}

/**
 * Changes a definition. Results that issues have stay; a gated issue that nothing holds any more becomes
 * done. Errors: GATE_NOT_FOUND (3), UNREADABLE (4).
 */
export function updateGate(
  tx: WriteTx,
  key: string,
  change: (before: Gate) => GateChange,
): { before: Gate; after: Gate; changed: boolean } {
  const before = findGate(tx, key);
  if (before === undefined) throw gateNotFound(tx, key);
  const { checker = before.checker, ...fields } = change(before);
  const after: Gate = {
    ...before,
    title: fields.title ?? before.title,
    description: fields.description ?? before.description,
    stage: fields.stage ?? before.stage,
    mode: checker === null ? 'manual' : 'auto',
    checker,
  };
  const same =
    after.title === before.title &&
    after.description === before.description &&
    checkerMeaning(after) === checkerMeaning(before);
  if (same) return { before, after: before, changed: false };
  storeGate(tx, after, before);
  for (const id of issuesWithGate(tx, key)) advanceGated(tx, id, 'gate_defined');
  return { before, after, changed: true };
}

/** Keys are file names: where case does not count, the second one would be written over the first. */
function refuseCaseClash(tx: WriteTx, key: string): void {
  const other = tx.gates().find((gate) => gate.key.toLowerCase() === key.toLowerCase());
  if (other === undefined) return;
  throw new JitError(
    'conflict',
    'GATE_EXISTS',
    `gate ${other.key} differs from ${key} only in case`,
    {
      hint: `jit gate show ${other.key} prints its definition.`,
      details: { gate: other.key },
    },
  );
}

/** The definition of a gate. Errors: UNREADABLE (4) if its file can't be used. */
export function findGate(tx: GateReader, key: string): Gate | undefined {
  const gate = tx.gate(key);
  if (gate !== undefined) return gate;
  const file = tx.unreadable().find(({ path }) => path === `gates/${key}.json`);
  if (file === undefined) return undefined;
  throw new JitError('invalid', 'UNREADABLE', `.jit/${file.path} can't be used: ${file.problem}`, {
    hint: 'Mend the file; jit leaves it as it is.',
    details: { gate: key, file: file.path, problem: file.problem },
  });
}

type GateReader = Pick<ReadTx, 'gate' | 'unreadable'>;

/** Stores a definition, with its event; where it was another before, with old and new value of what changed. */
function storeGate(tx: WriteTx, gate: Gate, before: Gate | null = null): void {
  tx.putGate(gate);
  const { key, stage, mode, checker } = gate;
  const command = checker === null ? {} : { command: checker.command };
  const changes = before === null ? {} : { changes: differences(before, gate) };
  tx.emit({ type: 'gate_defined', issue: null, gate: key, stage, mode, ...command, ...changes });
}

const FIELDS = ['title', 'description', 'stage', 'mode', 'checker'] as const;

function differences(before: Gate, after: Gate): Record<string, { from: unknown; to: unknown }> {
  const changed = FIELDS.filter((field) => !sameValue(before[field], after[field]));
  return Object.fromEntries(
    changed.map((field) => [field, { from: before[field], to: after[field] }]),
  );
}

/** Makes sure that every key is defined, defining manual gates where asked. Errors: GATE_NOT_FOUND (3) with the keys there are. */
export function requireGates(tx: WriteTx, keys: readonly string[], define: boolean): void {
  for (const key of keys) {
    if (findGate(tx, key) !== undefined) continue;
    if (define) defineGate(tx, { key });
    else throw gateNotFound(tx, key);
  }
}

/** There is no such gate: exit 3, with the keys that are defined. */
export function gateNotFound(tx: Pick<ReadTx, 'gates'>, key: string): JitError {
  const known = tx.gates().map((gate) => gate.key);
  return new JitError('not_found', 'GATE_NOT_FOUND', `gate "${key}" is not defined`, {
    hint:
      known.length === 0 ? 'Define it first: jit gate define KEY' : `Defined: ${known.join(', ')}`,
    details: { gate: key, accepted: known },
  });
}

/** Puts gates on an issue, pending. Returns whether anything changed. */
export function addGates(
  tx: WriteTx,
  id: string,
  keys: readonly string[],
  define: boolean,
): boolean {
  requireGates(tx, keys, define);
  const issue = tx.mustHave(id);
  const missing = toSet(keys).filter((key) => issue.gates[key] === undefined);
  if (missing.length === 0) return false;
  if (!isUnfinished(issue)) {
    throw new JitError(
      'invalid',
      'ILLEGAL_MOVE',
      `${id} is ${issue.state}: it can't get new gates`,
      {
        hint: 'Reopen it first.',
        details: { issue: id, state: issue.state },
      },
    );
  }
  const pending = missing.map((key) => [key, { status: 'pending' as const }]);
  tx.put({ ...issue, gates: { ...issue.gates, ...Object.fromEntries(pending) } });
  for (const key of missing) tx.emit({ type: 'gate_added', issue: id, gate: key });
  return true;
}

/** Takes gates off an issue. A gated issue whose last open gate goes becomes done. */
export function removeIssueGates(tx: WriteTx, id: string, keys: readonly string[]): boolean {
  const issue = tx.mustHave(id);
  const present = toSet(keys).filter((key) => issue.gates[key] !== undefined);
  if (present.length === 0) return false;
  const left = Object.entries(issue.gates).filter(([key]) => !present.includes(key));
  tx.put({ ...issue, gates: Object.fromEntries(left) });
  for (const key of present)
    tx.emit({ type: 'gate_removed', issue: id, gate: key, status: issue.gates[key]?.status });
  advanceGated(tx, id, 'gate_removed');
  return true;
}

/** Removes a definition. Refused while unfinished issues carry the gate. Errors: GATE_IN_USE (4), GATE_NOT_FOUND (3). */
export function removeGate(tx: WriteTx, key: string): void {
  if (findGate(tx, key) === undefined) throw gateNotFound(tx, key);
  const users = issuesWithGate(tx, key);
  if (users.length > 0) {
    throw new JitError(
      'blocked',
      'GATE_IN_USE',
      `gate ${key} is on ${users.length} unfinished issues`,
      {
        hint: 'Take it off them first: jit gate remove KEY --issue ID',
        details: { gate: key, issues: users },
      },
    );
  }
  tx.deleteGate(key);
  tx.emit({ type: 'gate_removed', issue: null, gate: key });
}

/** The unfinished issues that carry a gate. */
export function issuesWithGate(tx: Pick<ReadTx, 'unfinished'>, key: string): string[] {
  return tx
    .unfinished()
    .filter((issue) => issue.gates[key] !== undefined)
    .map((issue) => issue.id);
}
