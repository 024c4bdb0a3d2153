import type { KeyPath } from './locate-key.ts';

/** Something wrong with the configuration. */
export interface Problem {
  readonly path: KeyPath;
  readonly message: string;
}
