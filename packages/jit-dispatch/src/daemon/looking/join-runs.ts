/**
 * Lists of runs as one, by when they were created. The order within a list stays as it is: where a clock
 * was put back, that order tells it.
 */
export function joinRuns<T extends { readonly created_at: string }>(
  lists: readonly (readonly T[])[],
): readonly T[] {
  const [only] = lists;
  if (only !== undefined && lists.length === 1) return only;
  const rest = lists.map((list) => [...list]);
  const joined: T[] = [];
  for (;;) {
    const first = rest
      .filter(([head]) => head !== undefined)
      .sort(([a], [b]) => ((a?.created_at ?? '') < (b?.created_at ?? '') ? -1 : 1))[0]
      ?.shift();
    if (first === undefined) return joined;
    joined.push(first);
  }
}
