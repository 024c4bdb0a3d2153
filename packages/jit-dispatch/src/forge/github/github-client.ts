import { Octokit } from '@octokit/core';
import type { Route as AnyRoute, Endpoints } from '@octokit/types';
import type { Exchange } from '../exchange.ts';
import { checkName, expectStatus, parseReply, type Reply, refusal } from '../reply.ts';
import { RepositoryAnswer } from './github-answers.ts';

type Route = keyof Endpoints;
type Given<R extends Route> = Omit<Endpoints[R]['parameters'], 'owner' | 'repo'>;

/** Asks GitHub about one repository. */
export interface GithubClient {
  readonly owner: string;
  /** The answer, of any status that is not an error of the exchange. */
  ask<R extends Route>(route: R, given: Given<R>): Promise<Reply>;
  /** Whether the answer says that there is no such thing, in a repository that can be seen. */
  isAbsent(reply: Reply): Promise<boolean>;
  readRepository(): Promise<RepositoryAnswer>;
}

const API = 'https://api.github.com';
/** Kept for years each; a newer one answers some questions in another shape. */
const API_VERSION = '2022-11-28';
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** `url`: the address of the API; null: that of github.com. */
export function createGithubClient(
  url: string | null,
  repository: string,
  exchange: Exchange,
): GithubClient {
  const [owner = '', repo = ''] = repository.split('/');
  const octokit = new Octokit({
    baseUrl: url ?? API,
    log: silent,
    request: { fetch: fetchThrough(exchange), log: silent },
  });

  const ask: GithubClient['ask'] = async (route, given) => {
    const [method = ''] = route.split(' ');
    const headers = { 'x-github-api-version': API_VERSION };
    for (const [key, value] of Object.entries(given))
      if (route.includes(`{${key}}`)) checkName(String(value));
    // What comes back is parsed, so that only what is given is typed by the route.
    const place = route.includes('{owner}') ? { owner, repo } : {};
    const asked = octokit.request<AnyRoute>(route, { ...place, headers, ...given });
    return toReply(method, asked);
  };
  const readRepository = async () =>
    parseReply(RepositoryAnswer, expectStatus(await ask('GET /repos/{owner}/{repo}', {}), 200));

  return {
    owner,
    ask,
    readRepository,
    async isAbsent(reply) {
      if (![301, 404, 410].includes(reply.status)) return false;
      // What can't be seen any more, and what has another name, is not gone.
      const { has_issues } = await readRepository();
      if (!has_issues && reply.status === 410) throw refusal(reply);
      return true;
    },
  };
}

/** The part of Octokit that sends: all that is polite happens there. */
function fetchThrough(exchange: Exchange) {
  return async (url: string, init: RequestInit): Promise<Response> => {
    const { status, headers, text } = await exchange.ask({
      method: init.method ?? 'GET',
      url,
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(typeof init.body === 'string' ? { body: init.body } : {}),
    });
    const isJson = headers.get('content-type')?.includes('json') === true;
    const kept = new Headers({ 'content-type': isJson ? 'application/json' : 'text/plain' });
    const link = headers.get('link');
    if (link !== null) kept.set('link', link);
    const answer = new Response(text === '' ? null : text, { status, headers: kept });
    // Answers that were made by hand have none.
    return Object.defineProperty(answer, 'url', { value: url });
  };
}

interface Answered {
  readonly url: string;
  readonly status: number;
  readonly headers: { readonly link?: string | undefined };
  readonly data: unknown;
}

/** Octokit throws what is not 2xx, and wraps what was thrown while it sent. */
async function toReply(method: string, asked: Promise<Answered>): Promise<Reply> {
  let answered: Answered;
  try {
    answered = await asked;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (!('response' in error) || error.response === undefined) throw error.cause ?? error;
    answered = error.response as Answered;
  }
  const { url, status, headers, data } = answered;
  return { method, url, status, headers: { link: headers.link ?? null, total: null }, data };
}
