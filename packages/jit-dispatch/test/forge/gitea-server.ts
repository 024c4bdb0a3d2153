import { type Answered, type ForgeServer, type Got, startForge } from './forge-server.ts';
import { giteaRoutes } from './gitea-routes.ts';
import type { GiteaServing } from './gitea-serving.ts';
import { complainAsGitea, giteaShapes } from './gitea-shapes.ts';
import { createMemoryRepository } from './memory-repository.ts';
import { findRoute, Refused } from './routes.ts';

/** Starts Gitea with a repository in memory. */
export async function startGitea({
  repository: name = 'acme/anvil',
  path = '',
  mostItems = 50,
  hasLinks = true,
  isOrganisation = false,
}: GiteaServing = {}): Promise<ForgeServer> {
  const repository = createMemoryRepository(name);
  const server = await startForge(repository, (url) => {
    const shapes = giteaShapes(`${url}${path}`, repository);
    const routes = giteaRoutes(`${url}${path}`, repository, shapes, {
      mostItems,
      hasLinks,
      isOrganisation,
    });
    return {
      prefix: `${path}/api/v1`,
      unauthorized: complainAsGitea(401, 'invalid username, password or token'),
      answer(got: Got): Answered {
        const found = findRoute(routes, got);
        if (found === null) return notFound();
        const { template, params } = found;
        if ('repo' in params && `${params.owner}/${params.repo}` !== name) return notFound();
        try {
          return routes[`${got.method} ${template}`]?.({ ...got, params }) ?? notFound();
        } catch (error) {
          if (error instanceof Refused) return error.answered;
          throw error;
        }
      },
    };
  });
  return { ...server, url: `${server.url}${path}` };
}

const notFound = (): Answered => complainAsGitea(404, "The target couldn't be found.");
