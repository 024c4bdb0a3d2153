import type { Gate } from '../../domain/gate.ts';
import type { Issue, MergeConflict } from '../../domain/issue.ts';
import { tryParseIssue } from '../files/documents.ts';
import type { IndexDb } from '../index/index-db.ts';
import { cyclesAmong } from '../index/known-cycles.ts';
import type { Dispute, MergeTraces, ReadTx } from '../store.ts';
import type { LayerIssue } from './layer.ts';

type Layered = ReadonlyMap<string, LayerIssue | null>;

/** What merges left behind in a snapshot: the index with these issues laid over it. */
export function tracesNow(
  snapshot: Pick<ReadTx, 'dependenciesOf' | 'gates'>,
  index: IndexDb | null,
  layered: Layered,
): MergeTraces {
  return {
    cycles: cyclesNow(snapshot, index, layered.keys()),
    disputed: disputesNow(index, layered, snapshot.gates()),
  };
}

/** The cycles that the index knows and those that lead through the issues of layers over it. */
export function cyclesNow(
  snapshot: Pick<ReadTx, 'dependenciesOf'>,
  index: IndexDb | null,
  layered: Iterable<string>,
): readonly (readonly string[])[] {
  const nodes = [...(index?.cycles() ?? []).flat(), ...layered];
  return nodes.length === 0 ? [] : cyclesAmong(nodes, (id) => snapshot.dependenciesOf(id));
}

/** The documents with values that lost in a merge. */
function disputesNow(
  index: IndexDb | null,
  layered: Layered,
  gates: readonly Gate[],
): readonly Dispute[] {
  const ids = (index?.disputed() ?? []).filter((id) => !layered.has(id));
  const issues: (Issue | null | undefined)[] = [
    ...ids.map((id) => tryParseIssue(index?.document('issues', id)?.raw ?? '', id).issue),
    ...[...layered.values()].map((value) => value?.issue),
  ];
  return [
    ...issues.flatMap((issue) => (issue ? disputes('issues', issue.id, issue.conflicts) : [])),
    ...gates.flatMap(({ key, conflicts }) => disputes('gates', key, conflicts ?? [])),
  ];
}

function disputes(
  folder: Dispute['folder'],
  subject: string,
  conflicts: readonly MergeConflict[],
): Dispute[] {
  return conflicts.length === 0 ? [] : [{ folder, subject, conflicts }];
}
