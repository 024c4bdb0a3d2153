import { usageError } from '@jit/contract/errors';
import type { Actions } from './actions.ts';
import { createExchange, type Exchange } from './exchange.ts';
import type { Forge } from './forge.ts';
import type { ForgeOptions, ForgePorts } from './forge-options.ts';
import { createTokenReader, nameOfSource } from './token-reader.ts';

const GITHUB_API = 'https://api.github.com';

/** A repository on GitHub. Nothing is asked yet. */
export async function openGithub(options: ForgeOptions, ports: ForgePorts): Promise<Forge> {
  const address = check(options, options.url ?? GITHUB_API);
  const { createGithubClient } = await import('./github/github-client.ts');
  const { githubIssues } = await import('./github/github-issues.ts');
  const { githubRepository } = await import('./github/github-repository.ts');
  const exchange = exchangeOf(address, 'Bearer', options, ports);
  const client = createGithubClient(address, options.repository, exchange);
  return { name: nameOf(address, options), ...githubIssues(client), ...githubRepository(client) };
}

/** The workflows of a repository on GitHub. */
export async function openActions(options: ForgeOptions, ports: ForgePorts): Promise<Actions> {
  const address = check(options, options.url ?? GITHUB_API);
  const { createGithubClient } = await import('./github/github-client.ts');
  const { githubActions } = await import('./github/github-actions.ts');
  const exchange = exchangeOf(address, 'Bearer', options, ports);
  return githubActions(createGithubClient(address, options.repository, exchange));
}

/** A repository on Gitea, or on Forgejo, which answers alike. */
export async function openGitea(options: ForgeOptions, ports: ForgePorts): Promise<Forge> {
  const address = check(options, options.url ?? '');
  const { createGiteaClient } = await import('./gitea/gitea-client.ts');
  const { giteaIssues } = await import('./gitea/gitea-issues.ts');
  const { giteaLabels } = await import('./gitea/gitea-labels.ts');
  const { giteaPulls } = await import('./gitea/gitea-pulls.ts');
  const exchange = exchangeOf(address, 'token', options, ports);
  const client = createGiteaClient(address, options.repository, exchange);
  const calls = { ...giteaIssues(client), ...giteaLabels(client), ...giteaPulls(client) };
  return { name: nameOf(address, options), ...calls };
}

function exchangeOf(
  address: string,
  scheme: 'Bearer' | 'token',
  { token, timeoutMs }: ForgeOptions,
  ports: ForgePorts,
): Exchange {
  const source = nameOfSource(token);
  const account = ports.accounts.of(new URL(address).origin, source);
  const reader = createTokenReader(token, ports.environment);
  return createExchange({ scheme, token: reader, source, account, timeoutMs }, ports);
}

function nameOf(address: string, { repository }: ForgeOptions): string {
  const { host } = new URL(address);
  return `${address === GITHUB_API ? 'github.com' : host}/${repository}`;
}

/** Errors on what can't be asked; gives the address without a slash at its end. */
function check({ repository }: ForgeOptions, url: string): string {
  if (!/^[\w.-]*[\w-][\w.-]*\/[\w.-]*[\w-][\w.-]*$/.test(repository))
    throw usageError(`${JSON.stringify(repository)} is no repository`, {
      hint: 'name it as owner/name',
    });
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.search || parsed.hash)
    throw usageError(`${JSON.stringify(url)} is no address of a forge`, {
      hint: 'give it as https://host/path',
    });
  // Never repeated: it holds a password.
  if (parsed.username !== '' || parsed.password !== '')
    throw usageError(`the address of ${parsed.host} holds a user or password`, {
      hint: 'put a token into a variable or a file instead',
    });
  return url.replace(/\/+$/, '');
}
