import { JitError } from '@jit/contract/errors';
import { idProblem } from '@jit/contract/ids';
import { issueKey } from '../../daemon/looking/issue-key.ts';
import type { Site } from '../../sites.ts';
import type { Tracker, TrackerAnswer, TrackerIssue } from '../../tracker/tracker.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { dispatchError } from '../dispatch-error.ts';
import { askedSites } from './asked-sites.ts';

/** An issue that was typed, and where it is. */
export interface FoundIssue {
  readonly site: Site;
  readonly tracker: Tracker;
  /** Its id, with its repository where there are several. */
  readonly key: string;
  readonly issue: TrackerIssue;
}

/** A typed issue, and the repositories it may be in. */
interface Asked {
  readonly typed: string;
  readonly ref: string;
  readonly sites: readonly Site[];
}

/** The same as `lookUp`. Throws what the first is refused for. */
export async function findIssues(
  workbench: Pick<Workbench, 'sites' | 'locateTracker'>,
  typed: readonly string[],
  repository: string | undefined,
): Promise<readonly FoundIssue[]> {
  const found = await lookUp(
    workbench,
    typed.map((issue) => ({ issue, repository })),
  );
  return found.map((each) => {
    if (each instanceof JitError) throw each;
    return each;
  });
}

/**
 * The issues that were typed, as ids or unique beginnings; where there are several repositories as
 * `repository/id`, or in the only one that has it. One call to each tracker.
 * @returns for each the issue, or why it is not known: INVALID_REQUEST (3, 4), usage (2), TRACKER_… (10)
 */
export async function lookUp(
  workbench: Pick<Workbench, 'sites' | 'locateTracker'>,
  typed: readonly { readonly issue: string; readonly repository?: string | undefined }[],
): Promise<readonly (FoundIssue | JitError)[]> {
  const read = await Promise.all(
    typed.map(async ({ issue, repository }): Promise<Asked | JitError> => {
      try {
        return readTyped(issue, await askedSites(workbench, repository));
      } catch (error) {
        if (error instanceof JitError) return error;
        throw error;
      }
    }),
  );
  const asked = read.flatMap((each) => (each instanceof JitError ? [] : each));
  const answers = await Promise.all(
    workbench.sites.map(async (site) => {
      const mine = asked.filter((each) => each.sites.includes(site));
      if (mine.length === 0) return [];
      try {
        const { tracker } = await workbench.locateTracker(site);
        const shown = await tracker.call(mine.map(({ ref }) => ({ do: 'show', issue: ref })));
        return mine.map((each, index) => ({ asked: each, site, tracker, answer: shown[index] }));
      } catch (error) {
        // The others may have it all the same.
        if (!(error instanceof JitError) || error.kind !== 'external') throw error;
        return mine.map((each) => ({ asked: each, site, tracker: null, answer: error }));
      }
    }),
  );
  return read.map((each) => {
    if (each instanceof JitError) return each;
    try {
      return pick(
        each,
        answers.flat().filter((its) => its.asked === each),
      );
    } catch (error) {
      if (error instanceof JitError) return error;
      throw error;
    }
  });
}

function readTyped(typed: string, sites: readonly Site[]): Asked {
  const named = sites.find(
    ({ repository }) => repository !== '' && typed.startsWith(`${repository}/`),
  );
  const ref = named === undefined ? typed : typed.slice(named.repository.length + 1);
  const problem = idProblem(ref);
  if (problem !== null)
    throw dispatchError('invalid', 'INVALID_REQUEST', `"${typed}" is no issue id: ${problem}`, {
      hint: 'jit query all shows the ids',
      details: { issue: typed },
    });
  return { typed, ref, sites: named === undefined ? sites : [named] };
}

interface Answered {
  readonly site: Site;
  /** Null: it could not be asked, and the answer is why. */
  readonly tracker: Tracker | null;
  readonly answer: TrackerAnswer | JitError | undefined;
}

function pick({ typed, ref }: Asked, all: readonly Answered[]): FoundIssue {
  const away = all.flatMap(({ site, answer }) =>
    answer instanceof JitError || answer?.is === 'unknown' ? [{ site, answer }] : [],
  );
  const answered = all.flatMap(({ answer, ...each }) =>
    answer instanceof JitError ? [] : [{ ...each, answer }],
  );
  const found = answered.flatMap(({ site, tracker, answer }) =>
    tracker !== null && answer?.is === 'ok' && answer.issues[0] !== undefined
      ? [
          {
            site,
            tracker,
            key: issueKey(site.repository, answer.issues[0].id),
            issue: answer.issues[0],
          },
        ]
      : [],
  );
  const [first, ...others] = found;
  // A beginning may fit an issue of one that did not answer; a whole id is that of one issue.
  const isSure = away.length === 0 || first?.issue.id === ref;
  if (first !== undefined && others.length === 0 && isSure) return first;
  if (first !== undefined && others.length === 0)
    throw new JitError(
      'external',
      'TRACKER_FAILED',
      `${away.map(({ site }) => site.repository).join(', ')} could not be asked for ${typed}`,
      { hint: `if ${first.key} is meant, say so`, retryable: true, details: { issue: typed } },
    );
  if (first !== undefined)
    throw dispatchError('invalid', 'INVALID_REQUEST', `"${typed}" is in several repositories`, {
      hint: `say which: ${found.map(({ key }) => key).join(', ')}`,
      details: { issue: typed, candidates: found.map(({ key }) => key) },
    });
  const broken = away.find(({ answer }) => answer instanceof JitError)?.answer;
  if (broken instanceof JitError) throw broken;
  // What a tracker says of it tells more than that another does not know it.
  const told = answered.map(({ answer }) => answer);
  const worst =
    told.find((each) => each?.is === 'unknown') ??
    told.find((each) => each?.is === 'refused' && each.exit !== 3) ??
    told[0];
  if (worst?.is === 'refused') {
    const kind = worst.exit === 3 ? 'not_found' : 'invalid';
    throw dispatchError(kind, 'INVALID_REQUEST', worst.message, {
      hint: 'jit query all shows the ids; nothing was changed',
      details: { issue: typed, tracker_code: worst.code },
    });
  }
  const why = worst === undefined || worst.is === 'ok' ? 'no answer' : worst.message;
  throw new JitError('external', 'TRACKER_FAILED', `${typed} could not be looked up: ${why}`, {
    hint: `see \`jit issue show ${typed}\`, then run the same again`,
    retryable: true,
  });
}
