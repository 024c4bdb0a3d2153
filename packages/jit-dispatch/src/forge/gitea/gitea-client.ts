import { z } from 'zod';
import type { Exchange } from '../exchange.ts';
import { findNext, readPages } from '../read-pages.ts';
import { checkName, expectStatus, parseReply, type Reply, readJson } from '../reply.ts';
import { RepositoryAnswer } from './gitea-answers.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** What goes with a request. */
export interface Given {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** Asks Gitea about one repository. */
export interface GiteaClient {
  readonly owner: string;
  /** Path of the repository. A path to ask for is a list of names: what people wrote becomes no path. */
  readonly repository: readonly string[];
  ask(method: Method, path: readonly string[], given?: Given): Promise<Reply>;
  /** Everything of a list, page by page. */
  readAll<T extends z.ZodType>(
    path: readonly string[],
    item: T,
    options: {
      readonly what: string;
      readonly query?: Readonly<Record<string, string>>;
      /** Ends the reading early. */
      readonly isEnough?: (items: readonly z.output<T>[]) => boolean;
    },
  ): Promise<z.output<T>[]>;
  /** Whether the answer says that there is no such thing, in a repository that can be seen. */
  isAbsent(reply: Reply): Promise<boolean>;
  readRepository(): Promise<RepositoryAnswer>;
}

/** As many as servers give at a time where nobody configured it; they give fewer where somebody did. */
const LIMIT = '50';

/** `url`: the address of its pages, with the path it is installed under. */
export function createGiteaClient(
  url: string,
  repository: string,
  exchange: Exchange,
): GiteaClient {
  const [owner = '', repo = ''] = repository.split('/');
  const path = ['repos', owner, repo];
  const base = `${url.replace(/\/+$/, '')}/api/v1`;

  const ask: GiteaClient['ask'] = async (method, names, { query = {}, body } = {}) => {
    const search = new URLSearchParams(query).toString();
    const address = `${base}/${names.map((name) => encodeURIComponent(checkName(name))).join('/')}`;
    const { status, headers, text } = await exchange.ask({
      method,
      url: search === '' ? address : `${address}?${search}`,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const kept = { link: headers.get('link'), total: headers.get('x-total-count') };
    return { method, url: address, status, headers: kept, data: readJson(text) };
  };
  const readRepository = async () =>
    parseReply(RepositoryAnswer, expectStatus(await ask('GET', path), 200));

  return {
    owner,
    repository: path,
    ask,
    readRepository,
    async readAll(names, item, { what, query = {}, isEnough = () => false }) {
      let seen = 0;
      return readPages(
        { page: '1' },
        async (page) => {
          const asked = { query: { ...query, limit: LIMIT, ...page } };
          const reply = expectStatus(await ask('GET', names, asked), 200);
          const items = parseReply(z.array(item).nullable(), reply) ?? [];
          seen += items.length;
          // A page may be shorter than was asked for, so its length says nothing.
          const isMore = findNext(reply) !== null || seen < Number(reply.headers.total ?? 0);
          const isOver = items.length === 0 || !isMore || isEnough(items);
          return { items, next: isOver ? null : { page: String(Number(page.page) + 1) } };
        },
        { what },
      );
    },
    async isAbsent({ status }) {
      if (status !== 404 && status !== 410) return false;
      // What can't be seen any more is not gone.
      await readRepository();
      return true;
    },
  };
}
