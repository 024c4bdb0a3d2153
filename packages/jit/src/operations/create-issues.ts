import { JitError } from '@jit/contract/errors';
import { findCycles, pathInWords } from '../domain/graph.ts';
import { newIssue } from '../domain/issue.ts';
import type { DocumentProblem, WrittenIssue } from '../domain/new-issues/written-issue.ts';
import type { WriteTx } from '../store/store.ts';
import { requireGates } from './gate-definitions.ts';
import { assignIssue } from './reassign-issue.ts';

/** What was made, in the order of the document. */
export interface IssuesMade {
  readonly ids: readonly string[];
  readonly keys: Readonly<Record<string, string>>;
  readonly gatesDefined: readonly string[];
}

/**
 * Makes all issues of a document, or none and returns the problems: references and gates that are not
 * there, keys that could mean two things, circles. The order of the document is the order of their age.
 */
export function createIssues(
  tx: WriteTx,
  written: readonly WrittenIssue[],
  defineGates: boolean,
): IssuesMade | { readonly problems: readonly DocumentProblem[] } {
  const ids = freshIds(tx, written.length);
  const byKey = new Map<string, string>();
  for (const [at, { key }] of written.entries()) if (key !== null) byKey.set(key, ids[at] ?? '');
  const resolved = written.map((issue) => resolveIssue(tx, issue, byKey));
  const undefinedGates = defineGates ? [] : findUndefinedGates(tx, written);
  const problems = [
    ...resolved.flatMap(({ problems: own }) => own),
    ...undefinedGates,
    ...findCirclesOf(written, ids, resolved),
  ];
  if (problems.length > 0) return { problems };
  const gates = [...new Set(written.flatMap((issue) => issue.gates ?? []))];
  const gatesDefined = gates.filter((key) => tx.gate(key) === undefined);
  requireGates(tx, gates, defineGates);
  for (const [at, issue] of written.entries()) {
    make(tx, issue, {
      id: ids[at] ?? '',
      dependencies: resolved[at]?.dependencies ?? [],
      // No two have the same age, and none is younger than this moment.
      created: tx.now - (written.length - 1 - at),
    });
  }
  return { ids, keys: Object.fromEntries(byKey), gatesDefined };
}

function freshIds(tx: WriteTx, count: number): readonly string[] {
  const ids = new Set<string>();
  while (ids.size < count) ids.add(tx.newId());
  return [...ids];
}

interface Resolved {
  readonly dependencies: readonly string[];
  readonly problems: readonly DocumentProblem[];
}

function resolveIssue(
  tx: WriteTx,
  { place, key, depends_on }: WrittenIssue,
  byKey: ReadonlyMap<string, string>,
): Resolved {
  const problems: DocumentProblem[] = [];
  if (key !== null && tx.stateOf(key) !== 'missing') {
    problems.push({
      place: `${place}.key`,
      kind: 'invalid',
      code: 'AMBIGUOUS_KEY',
      message: `"${key}" is the id of an issue: who depends on it could mean either`,
    });
  }
  const dependencies = depends_on.map((ref, at) => {
    const local = byKey.get(ref);
    if (local !== undefined) return local;
    try {
      return existing(tx, ref);
    } catch (error) {
      if (!(error instanceof JitError)) throw error;
      const { code, message } = error;
      const kind = error.kind === 'not_found' || error.kind === 'usage' ? error.kind : 'invalid';
      const accepted = [...byKey.keys()];
      const own = `${place}.depends_on[${at}]`;
      problems.push({ place: own, kind, code, message, typed: ref, accepted });
      return '';
    }
  });
  return { dependencies, problems };
}

function existing(tx: WriteTx, ref: string): string {
  const id = tx.resolve(ref);
  if (tx.mustHave(id).state !== 'archived') return id;
  throw new JitError('invalid', 'ILLEGAL_MOVE', `${id} is archived: nothing new depends on it`);
}

function findUndefinedGates(tx: WriteTx, written: readonly WrittenIssue[]): DocumentProblem[] {
  const accepted = tx.gates().map(({ key }) => key);
  const known = new Set(accepted);
  return written.flatMap(({ place, gates = [] }) =>
    gates.flatMap((key, at): DocumentProblem[] => {
      if (known.has(key)) return [];
      const message = `gate "${key}" is not defined`;
      const own = `${place}.gates[${at}]`;
      const code = 'GATE_NOT_FOUND';
      return [{ place: own, kind: 'not_found', code, message, typed: key, accepted }];
    }),
  );
}

/** New issues can only close circles among themselves: nothing that is there depends on them. */
function findCirclesOf(
  written: readonly WrittenIssue[],
  ids: readonly string[],
  resolved: readonly Resolved[],
): DocumentProblem[] {
  const edges = new Map(ids.map((id, at) => [id, resolved[at]?.dependencies ?? []]));
  const named = new Map(ids.map((id, at) => [id, written[at]]));
  return findCycles(ids, (id) => edges.get(id) ?? []).map((path) => {
    const keys = path.map((id) => named.get(id)?.key ?? id);
    const place = `${named.get(path[0] ?? '')?.place}.depends_on`;
    return { place, kind: 'invalid', code: 'CYCLE', message: `a circle: ${pathInWords(keys)}` };
  });
}

function make(
  tx: WriteTx,
  { title, assignee, depends_on: _, ...fields }: WrittenIssue,
  facts: {
    readonly id: string;
    readonly dependencies: readonly string[];
    readonly created: number;
  },
): void {
  const { id, dependencies, created } = facts;
  const created_at = new Date(created).toISOString();
  const issue = newIssue({ ...fields, title, id, dependencies, created_at, created_by: tx.actor });
  tx.put(issue);
  tx.emit({ type: 'issue_created', issue: id, title, priority: issue.priority });
  if (assignee !== undefined) assignIssue(tx, id, assignee, { token: null, override: null });
}
