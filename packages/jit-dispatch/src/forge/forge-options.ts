import type { Timers } from '../timers.ts';
import type { Accounts } from './accounts.ts';

/** Where a token comes from. It is read when it is first needed, and anew when it is refused. */
export type TokenSource =
  | { readonly env: string }
  /** A path; only its owner may be able to read it. */
  | { readonly file: string };

/** A repository of a forge. */
export interface ForgeOptions {
  /**
   * GitHub: the address of its API, such as `https://github.example/api/v3`; null: that of github.com.
   * Gitea: the address of its pages, with the path it is installed under.
   */
  readonly url: string | null;
  /** `owner/name` */
  readonly repository: string;
  readonly token: TokenSource;
  /** For one answer, from the request to its last byte. */
  readonly timeoutMs: number;
}

/** What talking to a forge needs from around it. */
export interface ForgePorts {
  readonly environment: NodeJS.ProcessEnv;
  readonly timers: Timers;
  /** The clock, in milliseconds since 1970. */
  now(): number;
  /** What is known of rate limits: one for the whole process. */
  readonly accounts: Accounts;
  /** Ends everything at once. */
  readonly signal: AbortSignal;
}
