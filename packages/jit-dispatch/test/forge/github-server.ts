import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { type Answered, type ForgeServer, type Got, startForge } from './forge-server.ts';
import { githubActionRoutes } from './github-action-routes.ts';
import { findMismatches } from './github-openapi.ts';
import { githubRoutes } from './github-routes.ts';
import { complain, githubShapes } from './github-shapes.ts';
import { createMemoryRepository } from './memory-repository.ts';
import { findRoute, Refused } from './routes.ts';

/** GitHub on loopback. */
export interface GithubServer extends ForgeServer {
  /** Requests an hour; changing answers count, those that say that nothing changed do not. */
  limit: number;
  /** How many of them were used. */
  readonly used: () => number;
}

/** How GitHub is served. */
export interface GithubServing {
  readonly repository?: string;
  /** Where its API stands: GitHub Enterprise Server has it below `/api/v3`. */
  readonly prefix?: '' | '/api/v3';
  /** Whether a start of a workflow tells the run. Servers of firms do not know the question. */
  readonly tellsRuns?: boolean;
}

/**
 * Starts GitHub with a repository in memory. Requests and answers that differ from GitHub's published
 * description of its API fail the test when it ends.
 */
export async function startGithub({
  repository: name = 'acme/anvil',
  prefix = '',
  tellsRuns = true,
}: GithubServing = {}): Promise<GithubServer> {
  const repository = createMemoryRepository(name);
  const mismatches: string[] = [];
  const rate = { limit: 5000, used: 0, reset: Math.floor(Date.now() / 1000) + 3600 };

  const server = await startForge(repository, (url) => {
    const shapes = githubShapes(`${url}${prefix}`, repository);
    const routes = {
      ...githubRoutes(`${url}${prefix}`, repository, shapes),
      ...githubActionRoutes(`${url}${prefix}`, repository, shapes, tellsRuns),
    };
    const route = (got: Got): Answered => {
      const found = findRoute(routes, got);
      if (found === null) return notFound();
      const { template, params } = found;
      if ('owner' in params && `${params.owner}/${params.repo}` !== name) return notFound();
      let answered: Answered;
      try {
        answered = routes[`${got.method} ${template}`]?.({ ...got, params }) ?? notFound();
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        answered = error.answered;
      }
      mismatches.push(...findMismatches(template, got, answered));
      return answered;
    };
    return {
      prefix,
      unauthorized: complain(401, 'Bad credentials'),
      answer: (got) =>
        rate.used < rate.limit
          ? route(got)
          : complain(403, 'API rate limit exceeded for user ID 1.'),
      finish: (got, answered) => {
        const tagged = withEtag(got, answered);
        if (tagged.status !== 304 && rate.used < rate.limit) rate.used += 1;
        return { ...tagged, headers: { ...tagged.headers, ...rateHeaders(rate) } };
      },
    };
  });
  onTestFinished(() => {
    if (mismatches.length > 0)
      throw new Error(`not as GitHub describes its API:\n${[...new Set(mismatches)].join('\n')}`);
  });
  return {
    ...server,
    url: `${server.url}${prefix}`,
    get limit() {
      return rate.limit;
    },
    set limit(limit) {
      rate.limit = limit;
    },
    used: () => rate.used,
  };
}

const notFound = (): Answered => complain(404, 'Not Found');

function withEtag(got: Got, answered: Answered): Answered {
  if (got.method !== 'GET' || answered.status !== 200) return answered;
  const hash = createHash('sha256').update(JSON.stringify(answered.body)).digest('hex');
  const headers = { ...answered.headers, etag: `W/"${hash}"` };
  return got.headers['if-none-match'] === headers.etag
    ? { status: 304, headers }
    : { ...answered, headers };
}

function rateHeaders({ limit, used, reset }: { limit: number; used: number; reset: number }) {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(Math.max(0, limit - used)),
    'x-ratelimit-used': String(used),
    'x-ratelimit-reset': String(reset),
    'x-ratelimit-resource': 'core',
  };
}
