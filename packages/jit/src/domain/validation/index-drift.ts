import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Files whose content the index had wrong although nothing told it so. */
export function indexDrift({ drifted }: TrackerFacts): readonly Finding[] {
  return drifted.map((path) => ({
    code: 'INDEX_DRIFT',
    severity: 'warning',
    subject: `.jit/${path}`,
    message: `the index held an old content of .jit/${path}`,
    fix: 'Nothing is to be done: the file is right and the index was mended by this.',
  }));
}
