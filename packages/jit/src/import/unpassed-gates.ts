import type { Issue } from '../domain/issue.ts';
import type { Report } from './report.ts';

/**
 * Exit gates hold on the way of an import as well: an issue that is done in its source without these
 * gates keeps none of them. Their results go to its metadata, and the report says so.
 * @param source names the key of the metadata, `SOURCE.unpassed_gates`
 */
export function withoutUnpassed(
  issue: Issue,
  keys: readonly string[],
  source: string,
  report: Report,
): Issue {
  if (keys.length === 0) return issue;
  const name = `${source}.unpassed_gates`;
  const how = `done without it: taken off the issue, its result is in metadata ${name}`;
  for (const key of keys)
    report.repaired('exit gate that was not passed', how, `${issue.id} ${key}`);
  const entries = Object.entries(issue.gates);
  const taken = Object.fromEntries(entries.filter(([key]) => keys.includes(key)));
  const noted = issue.metadata[name];
  const before = typeof noted === 'object' && !Array.isArray(noted) ? noted : null;
  return {
    ...issue,
    gates: Object.fromEntries(entries.filter(([key]) => !keys.includes(key))),
    metadata: { ...issue.metadata, [name]: { ...before, ...taken } },
  };
}
