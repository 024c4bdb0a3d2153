import type { Candidate } from '@jit/cli-kit/complete';
import { GATE_PRESETS } from '../../domain/gate-presets.ts';
import type { Issue } from '../../domain/issue.ts';
import { byCodeUnit, isUnfinished } from '../../domain/issue.ts';
import { createdOrder } from '../../domain/order.ts';
import { shownState } from '../../domain/readiness.ts';
import { SETTINGS } from '../../domain/settings.ts';
import type { ReadTx } from '../../store/store.ts';

type Source = (tx: ReadTx, typed: string, command: string) => readonly Candidate[];

/** Commands on finished issues. */
const FOR_FINISHED: readonly string[] = ['issue reopen', 'issue archive'];

/** Unfinished issues, oldest first; finished ones where the command is about them, or no other fits. */
const issues: Source = (tx, typed, command) => {
  const fits = ({ id }: Issue) => id.startsWith(typed);
  const open = FOR_FINISHED.includes(command) ? [] : tx.unfinished().filter(fits);
  const found =
    open.length > 0 || (typed === '' && !FOR_FINISHED.includes(command))
      ? open
      : tx.all().filter((issue) => fits(issue) && !isUnfinished(issue));
  return found
    .toSorted(createdOrder)
    .map((issue) => ({ value: issue.id, describe: `${shownState(issue, tx)}: ${issue.title}` }));
};

const gates: Source = (tx) => tx.gates().map(({ key, title }) => ({ value: key, describe: title }));

const labels: Source = (tx) => {
  const known = new Set(tx.unfinished().flatMap((issue) => issue.labels));
  for (const [label, states] of tx.finishedLabels()) {
    if ([...states.values()].some((count) => count > 0)) known.add(label);
  }
  return plain(known);
};

const assignees: Source = (tx) =>
  plain(new Set(tx.unfinished().flatMap(({ assignee }) => assignee ?? [])));

function plain(values: Iterable<string>): Candidate[] {
  return [...values].sort(byCodeUnit).map((value) => ({ value, describe: '' }));
}

/** Where the values of options and positionals come from, by their name, which means the same everywhere. */
const SOURCES: ReadonlyMap<string, Source> = new Map([
  ['id', issues],
  ['depends-on', issues],
  ['dep', issues],
  ['issue', issues],
  ['key', gates],
  ['keys', gates],
  ['gate', gates],
  ['add-gate', gates],
  ['remove-gate', gates],
  ['label', labels],
  ['add-label', labels],
  ['remove-label', labels],
  ['assignee', assignees],
  ['actor', assignees],
  ['by', assignees],
  [
    'setting',
    () =>
      Object.values(SETTINGS).map(({ key, description }) => ({
        value: key,
        describe: description,
      })),
  ],
  ['preset', () => GATE_PRESETS.map(({ name, title }) => ({ value: name, describe: title }))],
]);

/** The values that the tracker knows for an option or positional. */
export function valuesOf(
  tx: ReadTx,
  { command, name }: { readonly command: string; readonly name: string },
  typed: string,
): readonly Candidate[] {
  const source = command === 'query label' && name === 'name' ? labels : SOURCES.get(name);
  return source?.(tx, typed, command) ?? [];
}
