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
  const places = (written: Written) =>
    written.repositories.map(({ name, dir, command }) => ({ name, dir, command }));
  const facts = (written: Written): Readonly<Record<string, unknown>> => ({
    name: written.name,
    watch: written.watch,
    'tracker.command': written.tracker.command,
    'tracker.dir': written.tracker.dir,
    'tracker.timeout_secs': written.tracker.timeout_secs,
    'http.host': written.http.host,
    'http.port': written.http.port,
    repositories: places(written),
  });
  const now = facts(after);
  return Object.entries(facts(before)).flatMap(([key, value]) =>
    isDeepStrictEqual(value, now[key]) ? [] : [key],
  );
}
