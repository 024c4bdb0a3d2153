import { forgeError } from './forge-error.ts';
import type { Reply } from './reply.ts';

/** What the next page is asked with; the rest of the question stays as it is. */
export type PageQuery = Readonly<Record<string, string>>;

/** A page, and what the next one is asked with: null, it is the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: PageQuery | null;
}

/** With a hundred each that is ten thousand things: who has more asks for fewer. */
const MOST_PAGES = 100;

/** Everything of a list, page by page. Errors: `FORGE_TOO_MANY_PAGES`. */
export async function readPages<T>(
  first: PageQuery,
  readPage: (query: PageQuery) => Promise<Page<T>>,
  { what, mostPages = MOST_PAGES }: { readonly what: string; readonly mostPages?: number },
): Promise<T[]> {
  const items: T[] = [];
  let query: PageQuery | null = first;
  for (let pages = 0; query !== null; pages += 1) {
    if (pages === mostPages)
      throw forgeError(
        'FORGE_TOO_MANY_PAGES',
        `there are more than ${mostPages} pages of ${what}`,
        {
          hint: 'ask for fewer: by a label, or a time',
        },
      );
    const page: Page<T> = await readPage(query);
    items.push(...page.items);
    query = page.next;
  }
  return items;
}

/**
 * What `rel="next"` of a Link header asks for. Only its query is used: an address that an answer names
 * is not followed, as the token would go there.
 */
export function findNext({ headers: { link } }: Reply): PageQuery | null {
  const [, address] = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(link ?? '') ?? [];
  if (address === undefined) return null;
  const start = address.indexOf('?');
  return start < 0 ? null : Object.fromEntries(new URLSearchParams(address.slice(start)));
}
