import type { JitError } from '@jit/contract/errors';
import {
  PRIORITIES,
  type Priority,
  WISH_KEYS,
  WORK_CLASSES,
  type WorkClass,
} from '@jit/contract/vocabulary';
import { z } from 'zod';
import type { Workbench } from '../../workbench/workbench.ts';
import { dispatchError } from '../dispatch-error.ts';
import { mustBeAgents } from '../finding/must-be-agents.ts';

/** What is asked for when an issue is to be worked on. Wishes that are left out stay as they were; an empty one ends it. */
export interface DispatchRequest {
  /** Its id or a unique beginning, of several repositories also as `repository/id`. */
  readonly issue: string;
  readonly repository?: string | undefined;
  /** Only this agent gets it, until it is done, escalated or given to another one. */
  readonly to?: string | undefined;
  /** Gets it before others, if it may have it. */
  readonly prefer?: string | undefined;
  /** Don't get it. */
  readonly exclude?: readonly string[] | undefined;
  /** Who the work is for. */
  readonly class?: WorkClass | '' | undefined;
  /** What kind of work it is. */
  readonly taskType?: string | undefined;
  /** Tokens of its prompt; 0: no wish. */
  readonly tokenBudget?: number | undefined;
  /** Attempts until a person has to look; 0: no wish. */
  readonly maxAttempts?: number | undefined;
  /** How urgent the issue is from now on; left out: as it was. */
  readonly priority?: Priority | undefined;
  /** Not before this time (RFC 3339). */
  readonly at?: string | undefined;
}

/** A request that makes sense. */
export interface SoundRequest extends DispatchRequest {
  /** What is written into the issue's metadata. */
  readonly metadata: Readonly<Record<string, string>>;
  /** In UTC; null: now. */
  readonly notBefore: string | null;
}

const Count = z.int().min(0).max(1_000_000_000);
const Word = z
  .string()
  .max(200)
  .refine((text) => !/[\p{Cc}]/u.test(text), 'holds a control character');
const Agent = Word.refine((text) => !text.includes(','), 'holds a comma');

const Request = z.strictObject({
  issue: z.string().min(1),
  repository: z.string().optional(),
  to: Agent.optional(),
  prefer: Agent.optional(),
  exclude: z.array(Agent.min(1)).optional(),
  class: z.enum([...WORK_CLASSES, '']).optional(),
  taskType: Word.optional(),
  tokenBudget: Count.optional(),
  maxAttempts: Count.optional(),
  priority: z.enum(PRIORITIES).optional(),
  at: z.iso.datetime({ offset: true }).optional(),
}) satisfies z.ZodType<DispatchRequest>;

/**
 * Reads a request. Nothing is asked of a tracker.
 * @throws JitError INVALID_REQUEST (4, of a wrong type 2)
 */
export async function readRequest(
  workbench: Pick<Workbench, 'agentNames' | 'now'>,
  asked: unknown,
): Promise<SoundRequest> {
  const read = Request.safeParse(typeof asked === 'string' ? { issue: asked } : asked);
  if (!read.success) throw noRequest(read.error);
  const request = read.data;
  const { to = '', prefer = '', exclude = [], at } = request;
  const wished = [to, prefer].filter((agent) => agent !== '');
  await mustBeAgents(workbench, [...wished, ...exclude]);
  const unwanted = wished.find((agent) => exclude.includes(agent));
  if (unwanted !== undefined) throw invalid(`${unwanted} is asked for and excluded`);
  const isLater = at !== undefined && Date.parse(at) > workbench.now().getTime();
  return {
    ...request,
    metadata: metadataOf(request),
    notBefore: isLater ? new Date(at).toISOString() : null,
  };
}

function metadataOf(request: DispatchRequest): Record<string, string> {
  const { exclude, tokenBudget, maxAttempts } = request;
  const wishes = {
    to: request.to,
    prefer: request.prefer,
    exclude: exclude?.join(','),
    class: request.class,
    taskType: request.taskType,
    tokenBudget: tokenBudget === 0 ? '' : tokenBudget?.toString(),
    maxAttempts: maxAttempts === 0 ? '' : maxAttempts?.toString(),
  };
  return Object.fromEntries(
    Object.entries(wishes).flatMap(([wish, value]) =>
      value === undefined ? [] : [[WISH_KEYS[wish as keyof typeof WISH_KEYS], value]],
    ),
  );
}

function noRequest(error: z.ZodError): JitError {
  const [first] = error.issues;
  const key = first?.path.join('.') ?? '';
  const message = `${key === '' ? 'the request' : key}: ${first?.message ?? 'makes no sense'}`;
  return invalid(message, first?.code === 'invalid_type' ? 'usage' : 'invalid');
}

function invalid(message: string, kind: 'invalid' | 'usage' = 'invalid'): JitError {
  return dispatchError(kind, 'INVALID_REQUEST', message, {
    hint: 'nothing was changed; docs/library.md tells what a request is',
  });
}
