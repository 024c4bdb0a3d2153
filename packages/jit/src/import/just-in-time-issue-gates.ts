import type { GateStatus } from '@jit/contract/vocabulary';
import type { Gate } from '../domain/gate.ts';
import type { IssueGate } from '../domain/issue.ts';
import { type Fields, isFields, oneLine, withoutMail } from './fields.ts';
import type { Report } from './report.ts';
import { normaliseTime } from './times.ts';

/** The gates of one issue. */
export interface IssueGates {
  readonly gates: Readonly<Record<string, IssueGate>>;
  /** Results of gates that the issue does not require. */
  readonly other: Fields;
}

/** Maps `gates_required` and `gates_status`. Only a recorded `passed` is passed. */
export function mapIssueGates(
  id: string,
  required: readonly unknown[],
  results: Fields,
  report: Report,
): IssueGates {
  const keys = new Set(required.filter((key) => typeof key === 'string' && key !== ''));
  const gates = new Map<string, IssueGate>();
  for (const key of keys) {
    const name = String(key);
    const result = Object.hasOwn(results, name) ? results[name] : undefined;
    gates.set(name, mapResult(id, name, result, report));
  }
  const other = Object.entries(results).filter(([key]) => !keys.has(key));
  for (const [key] of other) {
    report.mapped(
      'result of a gate that is not required',
      key,
      'metadata just-in-time.other_gates',
      id,
    );
  }
  return { gates: Object.fromEntries(gates), other: Object.fromEntries(other) };
}

function mapResult(id: string, key: string, result: unknown, report: Report): IssueGate {
  if (!isFields(result)) {
    report.mapped('gate result', '(none)', 'pending');
    return { status: 'pending' };
  }
  const at = normaliseTime(result.updated_at);
  const given = typeof result.updated_by === 'string' ? result.updated_by : '';
  const by = oneLine(withoutMail(given));
  if (by !== given) report.repaired('mail address', 'left out of the result of a gate', id);
  return {
    status: mapStatus(id, key, result.status, report),
    ...(by !== '' && { by }),
    ...(at !== null && { at }),
  };
}

function mapStatus(id: string, key: string, status: unknown, report: Report): GateStatus {
  if (status === 'passed' || status === 'failed' || status === 'pending') {
    report.mapped('gate result', status, status);
    return status;
  }
  report.repaired('gate result', `${String(status)} is no result: pending`, `${id} ${key}`);
  return 'pending';
}

/** The exit gates of an issue that are not passed. */
export function openExitGates(
  gates: Readonly<Record<string, IssueGate>>,
  definitions: ReadonlyMap<string, Gate>,
): readonly string[] {
  return Object.keys(gates).filter(
    (key) => gates[key]?.status !== 'passed' && definitions.get(key)?.stage === 'done',
  );
}
