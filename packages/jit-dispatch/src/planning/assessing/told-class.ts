import type { WorkClass } from '@jit/contract/vocabulary';

/** What is known of the class of an issue from the program that tells it. */
export type ToldClass =
  | {
      readonly is: 'told';
      readonly class: WorkClass;
      /** From 0 to 1. */
      readonly confidence: number;
      /** Why, in the program's words; empty where it gave none. */
      readonly detail: string;
    }
  | {
      readonly is: 'failed';
      /** Why there is no answer, in words. */
      readonly message: string;
      /** When it is asked again, RFC 3339. */
      readonly retryAt: string;
    }
  /** Nothing is known of the issue as it is now: it is asked for, or has its turn later. */
  | { readonly is: 'asked' };
