import type { Verdict } from '@jit/contract/vocabulary';

/** How a checker ended. */
export type CheckerEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'timed_out'; readonly after_secs: number }
  | { readonly kind: 'not_started'; readonly why: string };

/**
 * The exit codes from here on say that something could not be run: 126 and 127 by the custom of shells
 * (not executable, not found), above 128 a shell's child was killed by a signal.
 */
const COULD_NOT_RUN_FROM = 126;

/** The verdict of a checker: its exit code, and nothing else, passes a gate. */
export function verdictOf(end: CheckerEnd): Verdict {
  if (end.kind !== 'exited' || end.code >= COULD_NOT_RUN_FROM) return 'could_not_run';
  return end.code === 0 ? 'passed' : 'failed';
}

/** An end in words, e.g. `exit 1` or `timed out after 300 s`. */
export function endInWords(end: CheckerEnd): string {
  switch (end.kind) {
    case 'killed':
      return `killed by ${end.signal}`;
    case 'timed_out':
      return `timed out after ${end.after_secs} s`;
    case 'not_started':
      return end.why;
    case 'exited':
      return exitInWords(end.code);
  }
}

function exitInWords(code: number): string {
  if (code === 126) return 'exit 126: the command is not executable';
  if (code === 127) return 'exit 127: the command was not found';
  if (code > 128 && code <= 192) return `exit ${code}: killed by signal ${code - 128}`;
  return `exit ${code}`;
}
