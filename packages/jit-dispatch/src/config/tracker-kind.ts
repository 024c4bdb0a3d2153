import type { DispatchConfig } from './config.ts';
import type { ForgeAccess } from './forges.ts';

/** Whose issues the ones of a repository are: `jit`, or a forge. */
export type TrackerKind = 'jit' | 'github' | 'gitea';

/** @param repository its name in `[[repositories]]`; empty where there is only the one of `[tracker]` */
export function trackerKindOf(
  config: Pick<DispatchConfig, 'repositories' | 'tracker'>,
  repository: string,
): TrackerKind {
  return forgeOf(config, repository)?.kind ?? 'jit';
}

/**
 * The repository on a forge (owner/name) that work is for: whose issues these are, or where pull requests go. Null
 * where none is configured.
 */
export function forgeRepositoryOf(
  config: Pick<DispatchConfig, 'repositories' | 'tracker' | 'forges'>,
  repository: string,
): string | null {
  const { github, gitea } = config.forges;
  return (forgeOf(config, repository) ?? github ?? gitea)?.repository ?? null;
}

function forgeOf(
  { repositories, tracker }: Pick<DispatchConfig, 'repositories' | 'tracker'>,
  repository: string,
): ForgeAccess | null {
  const own = repositories.find(({ name }) => name === repository);
  return (own === undefined ? tracker.forge : own.forge) ?? null;
}
