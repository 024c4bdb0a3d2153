import { PRIORITIES, type Priority } from '@jit/contract/vocabulary';

/** What labels say: `priority:high`, `priority/high` or `high`; the most urgent counts, else it is normal. */
export function priorityOf(labels: readonly string[]): Priority {
  const named = labels.map(wordOf);
  return PRIORITIES.find((priority) => named.includes(priority)) ?? 'normal';
}

/** What of the labels has to change for that priority: every label that says another one goes. */
export function relabel(
  labels: readonly string[],
  priority: Priority,
): { readonly add: readonly string[]; readonly remove: readonly string[] } {
  const words: readonly string[] = PRIORITIES;
  const remove = labels.filter(
    (label) => words.includes(wordOf(label)) && wordOf(label) !== priority,
  );
  const isSaid = labels.some((label) => wordOf(label) === priority);
  return { add: isSaid || priority === 'normal' ? [] : [`priority:${priority}`], remove };
}

function wordOf(label: string): string {
  const word = label.toLowerCase().replace(/^priority\s*[:/]\s*/, '');
  return word === 'medium' ? 'normal' : word;
}
