import { isDeepStrictEqual } from 'node:util';
import type { LoadedConfig } from './load.ts';

/**
 * A configuration that was edited, with the values that only a restart changes as they were at the
 * start: who the dispatcher is, which trackers it works for, what it listens to and serves.
 */
export function keepUntilRestart(
  start: LoadedConfig,
  edited: LoadedConfig,
): { loaded: LoadedConfig; kept: readonly string[] } {
  const { config, written } = edited;
  const was = start.config;
  const kept = keptKeys(start.written, written);
  return {
    kept,
    loaded: {
      ...edited,
      config: {
        ...config,
        name: was.name,
        watch: was.watch,
        tracker: was.tracker,
        http: was.http,
        repositories: was.repositories.map((each) => ({
          ...each,
          weight: config.repositories.find(({ name }) => name === each.name)?.weight ?? each.weight,
        })),
      },
      written: {
        ...written,
        name: start.written.name,
        watch: start.written.watch,
        tracker: start.written.tracker,
        http: start.written.http,
        repositories: start.written.repositories.map((each) => ({
          ...each,
          weight:
            written.repositories.find(({ name }) => name === each.name)?.weight ?? each.weight,
        })),
      },
    },
  };
}

type Written = LoadedConfig['written'];

function keptKeys(before: Written, after: Written): string[] {
  const places = (written: Written) => written.repositories.map(({ weight: _, ...place }) => place);
  const facts = (written: Written): Readonly<Record<string, unknown>> => ({
    name: written.name,
    watch: written.watch,
    'tracker.command': written.tracker.command,
    'tracker.dir': written.tracker.dir,
    'tracker.timeout_secs': written.tracker.timeout_secs,
    'tracker.kind': written.tracker.kind,
    'tracker.agent_label': written.tracker.agent_label,
    'tracker.assign': written.tracker.assign,
    'tracker.accounts': written.tracker.accounts,
    'http.host': written.http.host,
    'http.port': written.http.port,
    repositories: places(written),
    ...Object.fromEntries(forgesOf(written).map((kind) => [kind, written[kind]])),
  });
  const now = facts(after);
  return Object.entries(facts(before)).flatMap(([key, value]) =>
    isDeepStrictEqual(value, now[key]) ? [] : [key],
  );
}

/** The forges whose issues are dispatched. */
function forgesOf({ tracker, repositories }: Written): readonly ('github' | 'gitea')[] {
  const kinds = [tracker.kind, ...repositories.map(({ kind }) => kind)];
  return (['github', 'gitea'] as const).filter((kind) => kinds.includes(kind));
}
