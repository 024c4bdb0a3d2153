import type { WorkClass } from '@jit/contract/vocabulary';

/** What a classifying program said of an issue; `asked`: it has not answered yet. */
export type ToldClass =
  | {
      readonly is: 'told';
      readonly class: WorkClass;
      readonly confidence: number;
      readonly detail: string;
    }
  | { readonly is: 'failed'; readonly message: string; readonly retryAt: string }
  | { readonly is: 'asked' };
