import type { ObjectServer } from '../bridge/serve-objects.ts';
import { dispatchError } from '../operations/dispatch-error.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { type AgentObject, tableOf } from './agent-object.ts';

/** The agents of a dispatcher that are objects of this program. */
export interface RegisteredAgents {
  /** Errors: INVALID_REQUEST (4) for what is no agent, or one that is there already. */
  add(agent: AgentObject): void;
  /** Their tables, as a configuration has them. */
  tables(): readonly object[];
  /** Begins to listen for the bridges that stand for them, where there is one. */
  listen(workbench: () => Promise<Workbench>): Promise<void>;
  /** Ends what still works. */
  close(): Promise<void>;
}

/** Keys that say how a program is started, which an object is not. */
const NOT_OF_OBJECTS = ['command', 'kind', 'prompt', 'issue_json'];

/** No agent yet. */
export function createRegistry(bridgeFile: string): RegisteredAgents {
  const agents = new Map<string, AgentObject>();
  let server: Promise<ObjectServer> | null = null;
  let path = '';
  let known: readonly string[] = [];
  return {
    add(agent) {
      const { id, run } = agent;
      if (typeof id !== 'string' || typeof run !== 'function')
        throw invalid('an agent that is an object has an id and a function run');
      const key = NOT_OF_OBJECTS.find((each) => agent[each] !== undefined);
      if (key !== undefined) throw invalid(`${id} has a function run, so it can't have ${key}`);
      if (agents.has(id)) throw invalid(`there is an agent ${id} already`);
      agents.set(id, agent);
    },
    // Nobody could reach them before.
    tables: () =>
      path === ''
        ? []
        : [...agents.values()].map((agent) => tableOf(agent, { bridgeFile, path, known })),
    async listen(workbench) {
      if (agents.size === 0) return;
      server ??= serve(agents, workbench);
      const { AgentTable } = await import('../config/schema.ts');
      known = Object.keys(AgentTable.shape);
      ({ path } = await server);
    },
    async close() {
      await (await server?.catch(() => null))?.close();
      server = null;
    },
  };
}

async function serve(
  agents: ReadonlyMap<string, AgentObject>,
  workbench: () => Promise<Workbench>,
): Promise<ObjectServer> {
  const { serveObjects } = await import('../bridge/serve-objects.ts');
  return serveObjects({
    workOf(id) {
      const agent = agents.get(id);
      // As a method: it may be an object of a class.
      return agent === undefined ? null : (task, tools) => agent.run(task, tools);
    },
    async isRun(run, agent, token) {
      const bench = await workbench();
      for (const site of bench.sites) {
        const found = (await bench.readLedger(site))?.find(run);
        if (found) return found.agent === agent && found.token === token && found.ended_at === null;
      }
      return false;
    },
  });
}

function invalid(message: string): Error {
  return dispatchError('invalid', 'INVALID_REQUEST', message, {
    hint: 'docs/library.md shows an agent that is an object',
  });
}
