import { JitError } from '@jit/contract/errors';
import type { Workbench } from '../../workbench/workbench.ts';
import { dispatchError } from '../dispatch-error.ts';
import { type FoundIssue, findIssues } from './find-issues.ts';

/**
 * The issue that was typed, looked for in every repository; null if none has it.
 * @throws JitError INVALID_REQUEST (4), usage (2), TRACKER_… (10)
 */
export async function findIssue(
  workbench: Pick<Workbench, 'sites' | 'locateTracker'>,
  typed: string,
  repository: string | undefined,
): Promise<FoundIssue | null> {
  try {
    const [found] = await findIssues(workbench, [typed], repository);
    return found ?? null;
  } catch (error) {
    if (error instanceof JitError && error.kind === 'not_found') return null;
    throw error;
  }
}

/** For an id that nobody has. */
export function noSuchIssue(typed: string, what = 'issue'): JitError {
  return dispatchError('not_found', 'INVALID_REQUEST', `there is no ${what} ${typed}`, {
    hint: 'jit query all shows the ids; nothing was changed',
    details: { issue: typed },
  });
}
