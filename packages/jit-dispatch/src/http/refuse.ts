import { JitError, toErrorObject } from '@jit/contract/errors';
import type { Context } from 'hono';

/** An error object, as commands print it. */
export function refuse(
  c: Context,
  status: 400 | 403 | 404 | 405 | 503,
  code: string,
  message: string,
  { hint }: { readonly hint?: string } = {},
): Response {
  const kind = status === 404 ? 'not_found' : status === 503 ? 'external' : 'usage';
  const error = new JitError(kind, code, message, {
    retryable: status === 503,
    ...(hint === undefined ? {} : { hint }),
  });
  return c.json(toErrorObject(error), status);
}
