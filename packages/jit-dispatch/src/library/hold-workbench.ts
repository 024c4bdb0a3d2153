import { JitError } from '@jit/contract/errors';
import { dispatchError } from '../operations/dispatch-error.ts';
import type { RunningDispatcher } from '../operations/lifecycle/start-dispatcher.ts';
import { openWorkbench } from '../workbench/open-workbench.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { type AgentObject, isAgentObject } from './agent-object.ts';
import type { DispatcherParts } from './create-dispatcher.ts';
import { createRegistry } from './registered-agents.ts';

/** The workbench of a dispatcher object, and what belongs to the object beside it. */
export interface HeldWorkbench {
  /** With the configuration as it is now. Opened when first asked for, and again as long as it can't be used. */
  fresh(): Promise<Workbench>;
  /** As it is. */
  steady(): Promise<Workbench>;
  /** One of its own, for what looks at the configuration as it is written. */
  anew<T>(work: (workbench: Workbench) => Promise<T>): Promise<T>;
  register(agent: AgentObject): void;
  /** This object dispatches now. */
  began(running: RunningDispatcher): void;
  /** Lets the dispatcher of this object look now, where there is one. */
  wake(): void;
  stopOwn(): Promise<void>;
  close(): Promise<void>;
}

/** Nothing is opened yet. */
export function holdWorkbench(parts: DispatcherParts): HeldWorkbench {
  const registry = createRegistry(parts.bridgeFile);
  const { config, objects } = apart(parts.config);
  let problem: unknown = null;
  try {
    for (const agent of objects) registry.add(agent);
  } catch (error) {
    // Told when a method is called, like everything that is wrong with a configuration.
    problem = error;
  }
  const all = { ...parts, config, agents: registry.tables };
  let opening: Promise<Workbench> | null = null;
  let running: RunningDispatcher | null = null;

  let isClosed = false;
  const mustBeUsable = (): void => {
    if (problem !== null) throw problem;
    if (isClosed)
      throw dispatchError('invalid', 'INVALID_REQUEST', 'this dispatcher is closed', {
        hint: 'make another one with createDispatcher',
      });
  };
  const steady = async (): Promise<Workbench> => {
    mustBeUsable();
    await registry.listen(steady);
    opening ??= openWorkbench(all);
    const opened = await opening;
    // It may have been put right by the next time.
    if (opened.setup.loaded instanceof JitError) opening = null;
    return opened;
  };
  const wake = (): void => running?.wake();
  return {
    steady,
    async fresh() {
      const isNew = opening === null;
      const opened = await steady();
      // A dispatcher at work takes up changes itself, between two cycles.
      if (running === null && !isNew) await opened.freshen();
      return opened;
    },
    async anew(work) {
      mustBeUsable();
      await registry.listen(steady);
      const opened = await openWorkbench(all);
      try {
        return await work(opened);
      } finally {
        opened.close();
      }
    },
    register(agent) {
      registry.add(agent);
      if (running !== null) void registry.listen(steady).then(wake, () => {});
    },
    began(started) {
      running = started;
      const end = (): void => {
        running = null;
      };
      started.stopped.then(end, end);
    },
    wake,
    async stopOwn() {
      if (running?.phase() === 'running') running.interrupt();
      await running?.stopped.catch(() => {});
    },
    async close() {
      isClosed = true;
      await registry.close();
      // What could not be opened holds nothing open.
      (await opening?.catch(() => null))?.close();
    },
  };
}

/** The agents that are objects, apart from what a file could say. */
function apart(config: DispatcherParts['config']): {
  readonly config: DispatcherParts['config'];
  readonly objects: readonly AgentObject[];
} {
  if (typeof config !== 'object' || !Array.isArray(config.agents)) return { config, objects: [] };
  const agents: readonly unknown[] = config.agents;
  return {
    config: { ...config, agents: agents.filter((each) => !isAgentObject(each)) },
    objects: agents.filter(isAgentObject),
  };
}
