import { PRIORITIES, type Priority } from '@jit/contract/vocabulary';

/** What labels say: `priority:high`, `priority/high` or `high`; the most urgent counts, else it is normal. */
export function priorityOf(labels: readonly string[]): Priority {
  const named = labels.map((label) => {
    const word = label.toLowerCase().replace(/^priority\s*[:/]\s*/, '');
    return word === 'medium' ? 'normal' : word;
  });
  return PRIORITIES.find((priority) => named.includes(priority)) ?? 'normal';
}
