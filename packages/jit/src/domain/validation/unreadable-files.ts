import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Files that can't be used: they block themselves and what depends on them. */
export function unreadableFiles({ unreadable }: TrackerFacts): readonly Finding[] {
  return unreadable.map(({ path, problem }) => ({
    code: 'UNREADABLE_FILE',
    severity: 'error',
    subject: `.jit/${path}`,
    message: `.jit/${path} can't be used: ${problem}`,
    fix: 'Mend the file by hand; jit leaves it as it is.',
  }));
}
