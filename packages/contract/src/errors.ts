/** The kind of an error decides the exit code. */
export type ErrorKind =
  | 'bug'
  | 'usage'
  | 'not_found'
  | 'invalid'
  | 'blocked'
  | 'permission'
  | 'conflict'
  | 'lost_claim'
  | 'external'
  | 'lock_timeout'
  | 'interrupted';

/** The exit code of each kind: the one table both programs use. */
export const EXIT_CODES: Readonly<Record<ErrorKind, number>> = {
  bug: 1,
  usage: 2,
  not_found: 3,
  invalid: 4,
  blocked: 4,
  permission: 5,
  conflict: 6,
  lost_claim: 7,
  external: 10,
  lock_timeout: 75,
  interrupted: 130,
};

/** The exit code that goes with a kind of error. */
export function exitCodeOf(kind: ErrorKind): number {
  return EXIT_CODES[kind];
}

/** The facts of an error, as far as its thrower knows them. */
export interface ErrorFacts {
  /** One safe next step in words. Never a destructive command. */
  readonly hint?: string;
  /** True if the same call may succeed when repeated unchanged. */
  readonly retryable?: boolean;
  /** Facts for machines: holder, blockers, accepted values… */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Lines for people, printed below the message, such as the end of a program's output. Programs find them in `details`. */
  readonly excerpt?: string;
  readonly cause?: unknown;
}

/**
 * An error that a user can meet. `code` is the stable word for machines, `kind` decides the exit
 * code. Anything else that is thrown is a bug.
 */
export class JitError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;
  readonly excerpt: string | undefined;

  constructor(kind: ErrorKind, code: string, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'JitError';
    this.kind = kind;
    this.code = code;
    this.hint = facts.hint;
    this.retryable = facts.retryable ?? kind === 'lock_timeout';
    this.details = facts.details ?? {};
    this.excerpt = facts.excerpt;
  }
}

/** A usage error: exit 2. */
export function usageError(message: string, facts: ErrorFacts = {}): JitError {
  return new JitError('usage', 'USAGE', message, facts);
}

/** The public form of an error, printed with `--json`. */
export interface ErrorObject {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint: string | null;
    readonly retryable: boolean;
    readonly details: Readonly<Record<string, unknown>>;
  };
}

/** Turns anything thrown into the public error object; what is not a JitError is a bug (`INTERNAL`). */
export function toErrorObject(error: unknown): ErrorObject {
  if (error instanceof JitError) {
    return {
      error: {
        code: error.code,
        message: error.message,
        hint: error.hint ?? null,
        retryable: error.retryable,
        details: error.details,
      },
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    error: {
      code: 'INTERNAL',
      message,
      hint: 'This is a bug: please report it.',
      retryable: false,
      details: {},
    },
  };
}
