import type { DispatchConfig } from './config.ts';

/** Whose issues the ones of a repository are: `jit`, or a forge. */
export type TrackerKind = 'jit' | 'github' | 'gitea';

/** @param repository its name in `[[repositories]]`; empty where there is only the one of `[tracker]` */
export function trackerKindOf(
  { repositories, tracker }: Pick<DispatchConfig, 'repositories' | 'tracker'>,
  repository: string,
): TrackerKind {
  const own = repositories.find(({ name }) => name === repository);
  const forge = own === undefined ? tracker.forge : own.forge;
  return forge?.kind ?? 'jit';
}
