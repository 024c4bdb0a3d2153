const FAILED_LOOKUPS = ['null', 'undefined', 'none', 'nan'];

/** Why a text can't name an assignee, or null if it can. */
export function assigneeProblem(text: string): string | null {
  const name = text.trim();
  if (name === '') return 'the assignee is empty';
  if (FAILED_LOOKUPS.includes(name.toLowerCase())) {
    return `the assignee can't be "${name}": that is what a failed look-up prints`;
  }
  return /[\r\n]/.test(name) ? 'the assignee has more than one line' : null;
}
