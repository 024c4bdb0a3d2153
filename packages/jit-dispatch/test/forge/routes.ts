import type { Answered, Got } from './forge-server.ts';

/** A request with the names that stand in its path. */
export interface Asked extends Got {
  readonly params: Readonly<Record<string, string>>;
}

/** Answers of a forge, by method and path with `{names}`: as its description writes them. */
export type Routes = Readonly<Record<string, (asked: Asked) => Answered>>;

/** The refusal of a request, thrown from within a route. */
export class Refused extends Error {
  readonly answered: Answered;
  constructor(answered: Answered) {
    super(`refused with ${answered.status}`);
    this.answered = answered;
  }
}

/** Finds the route of a request. Null where the forge has none. */
export function findRoute(
  routes: Routes,
  { method, path }: Got,
): { readonly template: string; readonly params: Readonly<Record<string, string>> } | null {
  for (const route of Object.keys(routes)) {
    const [routeMethod, template = ''] = route.split(' ');
    const params = routeMethod === method ? match(template, path) : null;
    if (params !== null) return { template, params };
  }
  return null;
}

/** Only names that are encoded hold a slash, but for `{name*}`, which takes all the rest. */
function match(template: string, path: string): Record<string, string> | null {
  const names: string[] = [];
  const pattern = template.replace(/\{(\w+)(\*?)\}/g, (_, name: string, rest: string) => {
    names.push(name);
    return rest === '' ? '([^/]+)' : '(.+)';
  });
  const found = new RegExp(`^${pattern}$`).exec(path);
  if (found === null) return null;
  return Object.fromEntries(
    names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')]),
  );
}

/** One page of a list, and the Link header that goes with it. */
export function cutPage<T>(
  items: readonly T[],
  { page, size, url }: { readonly page: number; readonly size: number; readonly url: string },
): { readonly items: readonly T[]; readonly link: Readonly<Record<string, string>> } {
  const last = Math.max(1, Math.ceil(items.length / size));
  const to = (number: number) => {
    const address = new URL(url);
    address.searchParams.set('page', String(number));
    return address.href;
  };
  const links = [
    ...(page > 1 ? [`<${to(page - 1)}>; rel="prev"`] : []),
    ...(page < last ? [`<${to(page + 1)}>; rel="next"`, `<${to(last)}>; rel="last"`] : []),
  ];
  return {
    items: items.slice((page - 1) * size, page * size),
    link: links.length === 0 ? {} : { link: links.join(', ') },
  };
}

/** A whole number of a query, with its limits. */
export function numberOf(text: string | undefined, otherwise: number, most: number): number {
  const number = Number(text ?? otherwise);
  return Number.isInteger(number) && number > 0 ? Math.min(number, most) : otherwise;
}
