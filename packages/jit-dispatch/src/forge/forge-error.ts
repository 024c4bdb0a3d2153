import { type ErrorKind, JitError } from '@jit/contract/errors';

/** The ways in which asking a forge fails, each with the kind of its exit code. */
const KINDS = {
  FORGE_NO_TOKEN: 'permission',
  FORGE_UNAUTHORIZED: 'permission',
  FORGE_FORBIDDEN: 'permission',
  FORGE_NOT_FOUND: 'not_found',
  FORGE_MOVED: 'external',
  FORGE_CONFLICT: 'conflict',
  FORGE_REFUSED: 'invalid',
  FORGE_RATE_LIMITED: 'external',
  FORGE_UNAVAILABLE: 'external',
  FORGE_TIMEOUT: 'external',
  FORGE_GARBAGE: 'external',
  FORGE_TOO_MANY_PAGES: 'external',
} as const satisfies Record<string, ErrorKind>;

export type ForgeErrorCode = keyof typeof KINDS;

/** What may be better when the same call is made again. */
const PASSING: readonly ForgeErrorCode[] = [
  'FORGE_RATE_LIMITED',
  'FORGE_UNAVAILABLE',
  'FORGE_TIMEOUT',
];

/** What a forge error is about. */
export interface ForgeErrorFacts {
  readonly hint: string;
  /** By default as the code says. */
  readonly retryable?: boolean;
  /** Method and path, without the query. */
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  /** What the forge said about it, cut, without the token. */
  readonly said?: string;
  /** When the forge may be asked again: RFC 3339. */
  readonly retry_at?: string;
  /** A write whose answer is not known: look before it is made again. */
  readonly may_have_happened?: boolean;
}

/** The forge could not be asked, refused, or did not answer sensibly. */
export function forgeError(
  code: ForgeErrorCode,
  message: string,
  { hint, retryable = PASSING.includes(code), ...details }: ForgeErrorFacts,
): JitError {
  return new JitError(KINDS[code], code, message, { hint, retryable, details });
}
