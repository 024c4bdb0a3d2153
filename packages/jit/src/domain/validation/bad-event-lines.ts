import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Lines of the log that say nothing. */
export function badEventLines(facts: TrackerFacts): readonly Finding[] {
  return facts.badEventLines.map(({ file, line, problem, torn }) => ({
    code: torn ? 'TORN_EVENT_LINE' : 'BAD_EVENT_LINE',
    severity: 'warning',
    subject: `.jit/${file}:${line}`,
    message: `line ${line} of .jit/${file} is passed over: ${problem}`,
    fix: torn
      ? 'It counts when it has its end: jit validate --fix, or the next change of that month.'
      : 'Mend the line or take it out; all other lines count.',
  }));
}
