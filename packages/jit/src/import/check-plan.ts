import { JitError } from '@jit/contract/errors';
import { findCycles, pathInWords } from '../domain/graph.ts';
import type { Issue } from '../domain/issue.ts';

/** Refuses ids that differ only in case: on many file systems they would be one file. Exit 4. */
export function refuseCaseClash(ids: Iterable<string>, taken: Iterable<string> = []): void {
  const seen = new Map<string, string>();
  for (const id of taken) seen.set(id.toLowerCase(), id);
  const clashes: [string, string][] = [];
  for (const id of ids) {
    const other = seen.get(id.toLowerCase());
    if (other !== undefined && other !== id) clashes.push([other, id]);
    else seen.set(id.toLowerCase(), id);
  }
  if (clashes.length === 0) return;
  const named = clashes.map((pair) => pair.join(' and ')).join('; ');
  throw new JitError('invalid', 'ID_CASE_CLASH', `ids differ only in case: ${named}`, {
    hint: 'Give one of each pair another id in the source, then import it again.',
    details: { clashes },
  });
}

/** Refuses issues whose dependencies run in a circle: exit 4 with the paths. */
export function refuseCycles(issues: ReadonlyMap<string, Issue>): void {
  const paths = findCycles([...issues.keys()], (id) => issues.get(id)?.dependencies ?? []);
  if (paths.length === 0) return;
  const named = paths.map((path) => pathInWords(path)).join('; ');
  throw new JitError(
    'invalid',
    'CYCLE',
    `nothing was imported, dependencies run in a circle: ${named}`,
    {
      hint: 'Take one edge of each circle out of the source, then import it again.',
      details: { path: paths[0] ?? [], paths },
    },
  );
}
