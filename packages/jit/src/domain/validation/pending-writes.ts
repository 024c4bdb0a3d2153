import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Writes that are safe but can't be brought into the files. */
export function pendingWrites({ pending }: TrackerFacts): readonly Finding[] {
  return pending.map((paths) => ({
    code: 'PENDING_WRITE',
    severity: 'warning',
    subject: paths[0] === undefined ? '.jit/local/state.db' : `.jit/${paths[0]}`,
    message: `a change is safe but not yet in the files: ${paths.map((path) => `.jit/${path}`).join(', ')}`,
    fix: 'Look for a full disk or missing rights; the next jit command tries again.',
  }));
}
