import { type JitError, usageError } from '@jit/contract/errors';
import { z } from 'zod';
import { type ForgeErrorCode, forgeError } from './forge-error.ts';

/** An answer as adapters read it. */
export interface Reply {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: { readonly link: string | null; readonly total: string | null };
  /** The parsed JSON; text where it is none. */
  readonly data: unknown;
}

const MOST_SAID = 300;
/** What forges say of themselves when they refuse; both have it. */
const Complaint = z.object({
  message: z.string(),
  errors: z
    .array(
      z.union([
        z.string(),
        z.object({ message: z.string().optional(), code: z.string().optional() }),
      ]),
    )
    .nullish(),
});

/** Errors unless the answer has one of these statuses. */
export function expectStatus(reply: Reply, ...statuses: readonly number[]): Reply {
  if (!statuses.includes(reply.status)) throw refusal(reply);
  return reply;
}

/** What a forge said when it refused: empty where it said nothing that can be read. */
export function complaintOf({ data }: Reply): string {
  const { success, data: complaint } = Complaint.safeParse(data);
  if (!success) return '';
  const more = (complaint.errors ?? []).map((each) =>
    typeof each === 'string' ? each : (each.message ?? each.code ?? ''),
  );
  return [complaint.message, ...more].filter((text) => text !== '').join(': ');
}

/** The error for an answer of a status that was not hoped for. */
export function refusal(reply: Reply): JitError {
  const { method, url, status } = reply;
  const { code, hint } = meaningOf(reply);
  const { host, pathname } = new URL(url);
  const said = complaintOf(reply).slice(0, MOST_SAID);
  return forgeError(
    code,
    `${method} ${pathname}: ${host} answered ${status}${said === '' ? '' : `: ${said}`}`,
    {
      hint,
      method,
      path: pathname,
      status,
      ...(said === '' ? {} : { said }),
      ...(code === 'FORGE_GARBAGE' ? { may_have_happened: method !== 'GET' } : {}),
    },
  );
}

/** The answer's content, in that shape; what is not asked for is left out. Errors: `FORGE_GARBAGE`. */
export function parseReply<T extends z.ZodType>(schema: T, reply: Reply): z.output<T> {
  const { success, data, error } = schema.safeParse(reply.data);
  if (success) return data;
  const { method, url, status } = reply;
  const [issue] = error.issues;
  const place = issue?.path.length ? `${issue.path.join('.')}: ` : '';
  throw forgeError(
    'FORGE_GARBAGE',
    `${method} ${new URL(url).pathname}: ${new URL(url).host} answered something else than expected (${place}${issue?.message})`,
    {
      hint: 'see whether the address is that of the API, and whether something stands between',
      method,
      path: new URL(url).pathname,
      status,
      may_have_happened: method !== 'GET',
    },
  );
}

/** Errors on a name that would be read as a way through a path, in whatever spelling. */
export function checkName(name: string): string {
  if (name === '.' || name === '..')
    throw usageError(`${JSON.stringify(name)} is no name that a forge can be asked for`);
  return name;
}

/** The JSON of a text, or the text. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function meaningOf(reply: Reply): { readonly code: ForgeErrorCode; readonly hint: string } {
  const { status } = reply;
  if (status < 300)
    return {
      code: 'FORGE_GARBAGE',
      hint: 'see whether the address is that of the API, and whether something stands between',
    };
  if (status < 400)
    return { code: 'FORGE_MOVED', hint: 'put the new name of the repository or its server in' };
  if (status === 403)
    return { code: 'FORGE_FORBIDDEN', hint: 'give the token the right to do this, or use another' };
  if (status === 404 || status === 410)
    return {
      code: 'FORGE_NOT_FOUND',
      hint: 'see whether the name is right and the token may see the repository',
    };
  if (status === 409 || (status === 422 && /already[ _]exists/i.test(complaintOf(reply))))
    return { code: 'FORGE_CONFLICT', hint: 'look at what is there already' };
  return { code: 'FORGE_REFUSED', hint: 'see what the forge says about it' };
}
