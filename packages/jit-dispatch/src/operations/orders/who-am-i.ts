import { userInfo } from 'node:os';

/** Who gives an order: the actor of the environment, as jit has it, else the name the system knows. */
export function whoAmI({ JIT_ACTOR: actor, JIT_AGENT_ID: agent }: NodeJS.ProcessEnv): string {
  const said = actor || agent;
  if (said) return said;
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}
