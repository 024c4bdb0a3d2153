import { agentEnvironment } from '../keeper/start-agent.ts';
import { PASSED } from '../runners/passed.ts';
import type { Dispatcher } from './dispatcher.ts';

/** The environment of a program that is asked something beside the runs: what an agent would get, without a claim. */
export function askedEnvironment(
  { environment, place }: Dispatcher,
  {
    env,
    passEnv,
  }: {
    readonly env: Readonly<Record<string, string>>;
    readonly passEnv: readonly string[];
  },
): NodeJS.ProcessEnv {
  const path = place.path === null ? {} : { PATH: place.path };
  const given = { pass_env: [...PASSED, ...passEnv], env: { ...path, ...env } };
  return agentEnvironment(given, environment);
}
