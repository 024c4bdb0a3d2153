import { isDeepStrictEqual } from 'node:util';
import { JitError } from '@jit/contract/errors';
import type { Run } from '../../ledger/run.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { dispatchError } from '../dispatch-error.ts';
import { type FoundIssue, lookUp } from '../finding/find-issues.ts';
import { warnOfTaskType } from '../finding/warn-of-task-type.ts';
import { type Admission, unfitIssue } from './admit-issues.ts';
import type { Stand } from './await-start.ts';
import { begunSince } from './begun-since.ts';
import { readRequest, type SoundRequest } from './dispatch-request.ts';

/** A request, and the issue that it is about or why it is about none. */
export interface Placed {
  readonly asked: unknown;
  readonly admission: Admission | null;
  readonly error: JitError | null;
  /** What was asked for has begun meanwhile: nothing is left to admit. */
  readonly begun: Run | null;
}

/**
 * Looks for the issues of all requests: one call to each tracker. Nothing is changed.
 * @param came where the ledgers stood when the requests came
 */
export async function placeRequests(
  workbench: Workbench,
  asked: readonly unknown[],
  came: Stand,
): Promise<readonly Placed[]> {
  const requests = await Promise.all(asked.map((each) => soundOrNot(workbench, each)));
  const sound = requests.flatMap((each) => (each instanceof JitError ? [] : each));
  for (const taskType of new Set(sound.map((each) => each.taskType)))
    await warnOfTaskType(workbench, taskType);
  const found = await lookUp(workbench, sound);
  const taken = new Map<string, Admission>();
  const placeOne = async (request: SoundRequest | JitError): Promise<Omit<Placed, 'asked'>> => {
    if (request instanceof JitError) return refused(request);
    const its = found[sound.indexOf(request)];
    if (its === undefined) throw new Error('a request without an answer');
    if (its instanceof JitError) return refused(its);
    const admission = { ...its, request };
    const unfit = await unfitIssue(workbench, its);
    const begun = unfit === null ? null : await begunSince(workbench, admission, came);
    if (begun !== null) return { admission, error: null, begun };
    if (unfit !== null) return refused(unfit);
    const before = taken.get(its.key);
    if (before !== undefined && !isSameWish(before.request, request))
      return refused(askedTwice(its));
    taken.set(its.key, before ?? admission);
    return { admission: before ?? admission, error: null, begun: null };
  };
  const placed: Placed[] = [];
  for (const [index, request] of requests.entries())
    placed.push({ asked: asked[index], ...(await placeOne(request)) });
  return placed;
}

function refused(error: JitError): Omit<Placed, 'asked'> {
  return { admission: null, error, begun: null };
}

function isSameWish(
  { issue: _, ...one }: SoundRequest,
  { issue: __, ...other }: SoundRequest,
): boolean {
  return isDeepStrictEqual(one, other);
}

async function soundOrNot(workbench: Workbench, asked: unknown): Promise<SoundRequest | JitError> {
  try {
    return await readRequest(workbench, asked);
  } catch (error) {
    if (error instanceof JitError) return error;
    throw error;
  }
}

function askedTwice({ issue: { id } }: FoundIssue): JitError {
  return dispatchError('invalid', 'INVALID_REQUEST', `${id} is asked for twice`, {
    hint: 'ask for it once, with everything that is wished for',
    details: { issue: id },
  });
}
