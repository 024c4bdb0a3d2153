/**
 * A text as one word of a shell command that is shown to people and agents: files of the tracker come
 * from anywhere, and nothing in them is to be run with a command that somebody copies.
 */
export function shellWord(text: string): string {
  return /^[\w./:@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
