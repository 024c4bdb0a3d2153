import { usageError } from '@jit/contract/errors';
import { commandsOf, type Entries, pathsOf, wordsAfter } from './command-index.ts';
import { didYouMean, suggest } from './suggest.ts';

/**
 * The usage error for words that call nothing, with the nearest command.
 * @param words the way to a group as far as it exists, then the unknown word
 * @param after words typed after it: perhaps the rest of the path, perhaps arguments
 */
export async function unknownCommand<C>(
  entries: Entries<C>,
  words: readonly string[],
  after: readonly string[],
  program: string,
): Promise<Error> {
  const targets = suggestible(entries);
  const nearest = await nearestPath([...words, ...after], words.length, targets);
  const target = nearest === undefined ? undefined : `${program} ${targets.get(nearest)}`;
  const group = words.slice(0, -1).join(' ');
  const home = group === '' ? program : `${program} ${group}`;
  return usageError(`unknown command '${words.join(' ')}'`, {
    hint: didYouMean(target, `see '${home} --help'`),
    details: {
      command: words.join(' '),
      nearest: target ?? null,
      accepted: wordsAfter(entries, group),
    },
  });
}

/** What can be typed → the path it means. `create` alone is often meant for `issue create`. */
function suggestible<C>(entries: Entries<C>): Map<string, string> {
  const targets = new Map<string, string>();
  const shown = commandsOf(entries, '');
  for (const entry of shown) for (const path of pathsOf(entry)) targets.set(path, path);
  for (const { path } of shown) {
    const last = path.split(' ').at(-1) ?? path;
    if (!targets.has(last)) targets.set(last, path);
    const group = path.split(' ')[0] ?? path;
    if (!targets.has(group)) targets.set(group, group);
  }
  return targets;
}

async function nearestPath(
  typed: readonly string[],
  shortest: number,
  targets: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const paths = [...targets.keys()];
  // A path typed as one word is worth the same suggestion.
  const words = typed.join(' ').split(' ');
  const depth = Math.max(0, ...paths.map((path) => path.split(' ').length));
  for (let length = Math.min(words.length, depth); length >= shortest; length -= 1) {
    const sameLength = paths.filter((path) => path.split(' ').length === length);
    const nearest = await suggest(words.slice(0, length).join(' '), sameLength);
    if (nearest !== undefined) return nearest;
  }
  return undefined;
}
