import type { CommandIndexEntry } from './define-command.ts';

/** The commands of a program, prepared for look-ups. */
export interface CommandIndex<C> {
  /** Full paths and aliases. */
  readonly byPath: ReadonlyMap<string, CommandIndexEntry<C>>;
  /** The beginnings of paths that need more words: `issue`. */
  readonly groups: ReadonlySet<string>;
}

/** A program's list of commands. */
export type Entries<C> = readonly CommandIndexEntry<C>[];

const known = new WeakMap<object, unknown>();

/** The index of a list of commands; kept, because a batch looks up thousands of lines in one list. */
export function commandIndex<C>(entries: Entries<C>): CommandIndex<C> {
  // The cast: what is kept for a list is the index of that list.
  const kept = known.get(entries) as CommandIndex<C> | undefined;
  if (kept !== undefined) return kept;
  const byPath = new Map<string, CommandIndexEntry<C>>();
  const groups = new Set<string>();
  for (const entry of entries) {
    for (const path of pathsOf(entry)) {
      byPath.set(path, entry);
      const words = path.split(' ');
      for (let length = 1; length < words.length; length += 1) {
        groups.add(words.slice(0, length).join(' '));
      }
    }
  }
  const index = { byPath, groups };
  known.set(entries, index);
  return index;
}

/** All the ways to call a command: its path and its aliases. */
export function pathsOf<C>({ path, aliases = [] }: CommandIndexEntry<C>): readonly string[] {
  return [path, ...aliases];
}

/** True when the words call a command, or are the way to one. */
export function beginsPath<C>(entries: Entries<C>, words: readonly string[]): boolean {
  // A word with a space in it would otherwise pass for two.
  if (words.some((word) => word === '' || /\s/.test(word))) return false;
  const typed = words.join(' ');
  const { byPath, groups } = commandIndex(entries);
  return byPath.has(typed) || groups.has(typed);
}

/** The commands of a group, hidden ones left out; all of them for the empty group. */
export function commandsOf<C>(entries: Entries<C>, group: string): Entries<C> {
  const prefix = group === '' ? '' : `${group} `;
  return entries.filter(({ path, hidden }) => !hidden && path.startsWith(prefix));
}

/** The words that may follow a group: `create`, `show`, … */
export function wordsAfter<C>(entries: Entries<C>, group: string): string[] {
  const depth = group === '' ? 0 : group.split(' ').length;
  const words = commandsOf(entries, group).map(({ path }) => path.split(' ')[depth] ?? path);
  return [...new Set(words)];
}
