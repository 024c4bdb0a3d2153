import type { JitError } from '@jit/contract/errors';
import type { ShownState } from '@jit/contract/vocabulary';
import type { Issue } from './issue.ts';

/** An issue at one moment, with its state as people see it. */
export interface Moment {
  readonly issue: Issue;
  readonly state: ShownState;
}

/** What became of one issue. */
export interface Outcome {
  readonly before: Moment;
  readonly after: Moment;
  readonly changed: boolean;
  readonly token: string | null;
  readonly refusal: JitError | null;
}
