import { isDeepStrictEqual } from 'node:util';
import { JitError } from '@jit/contract/errors';
import type { Workbench } from '../../workbench/workbench.ts';
import { dispatchError } from '../dispatch-error.ts';
import { type FoundIssue, lookUp } from '../finding/find-issues.ts';
import { type Admission, unfitIssue } from './admit-issues.ts';
import { readRequest, type SoundRequest } from './dispatch-request.ts';

/** A request, and the issue that it is about or why it is about none. */
export interface Placed {
  readonly asked: unknown;
  readonly admission: Admission | null;
  readonly error: JitError | null;
}

/** Looks for the issues of all requests: one call to each tracker. Nothing is changed. */
export async function placeRequests(
  workbench: Workbench,
  asked: readonly unknown[],
): Promise<readonly Placed[]> {
  const requests = await Promise.all(asked.map((each) => soundOrNot(workbench, each)));
  const sound = requests.flatMap((each) => (each instanceof JitError ? [] : each));
  const found = await lookUp(workbench, sound);
  const taken = new Map<string, Admission>();
  const placeOne = async (request: SoundRequest | JitError): Promise<Admission | JitError> => {
    if (request instanceof JitError) return request;
    const its = found[sound.indexOf(request)];
    if (its === undefined) throw new Error('a request without an answer');
    if (its instanceof JitError) return its;
    const unfit = await unfitIssue(workbench, its);
    if (unfit !== null) return unfit;
    const before = taken.get(its.key);
    if (before !== undefined) return isSameWish(before.request, request) ? before : askedTwice(its);
    const admission = { ...its, request };
    taken.set(its.key, admission);
    return admission;
  };
  const placed: Placed[] = [];
  for (const [index, request] of requests.entries()) {
    const its = await placeOne(request);
    const isRefused = its instanceof JitError;
    placed.push({
      asked: asked[index],
      admission: isRefused ? null : its,
      error: isRefused ? its : null,
    });
  }
  return placed;
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
