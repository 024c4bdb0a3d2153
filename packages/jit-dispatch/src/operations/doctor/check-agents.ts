import type { AgentConfig } from '../../config/config.ts';
import { agentEnvironment } from '../../keeper/start-agent.ts';
import { askHealth } from '../../runners/ask-health.ts';
import { PASSED } from '../../runners/passed.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { type Check, failed, warning, well } from './check.ts';
import { checkClassifier } from './check-classifier.ts';
import { checkOutside } from './check-outside.ts';
import { checkProgram } from './check-program.ts';

/** Every agent: its program, the variables it is promised, its health; and the hooks. */
export async function checkAgents(workbench: Workbench): Promise<Check[]> {
  const groups = await Promise.all(
    workbench.config.agents.map((agent) => checkAgent(agent, workbench)),
  );
  return [...groups.flat(), ...checkHooks(workbench)];
}

/** The programs that people are told by, and the one that says who work is for. */
function checkHooks({ config, setup }: Workbench): Check[] {
  const path = setup.environment.PATH ?? '';
  const hooks = [config.escalation.hook, ...config.notify.map(({ hook }) => hook)];
  return [
    ...hooks.flatMap((hook) => (hook === null ? [] : checkProgram('hook', hook[0] ?? '', path))),
    ...[checkClassifier(config, path) ?? []].flat(),
  ];
}

async function checkAgent(agent: AgentConfig, workbench: Workbench): Promise<Check[]> {
  const { environment, file } = workbench.setup;
  const name = `agent ${agent.id}`;
  const given = agentEnvironment(
    { pass_env: [...PASSED, ...agent.passEnv], env: agent.env },
    environment,
  );
  const [program = ''] = agent.argv;
  const checks: Check[] =
    agent.outside === null
      ? [checkProgram(name, program, given.PATH ?? '')]
      : checkOutside(name, agent.outside, { environment, path: given.PATH ?? '' });
  const missing = agent.passEnv.filter((each) => !each.endsWith('*') && !environment[each]);
  if (missing.length > 0)
    checks.push(
      warning(
        name,
        `pass_env: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set here`,
        'set them where the dispatcher is started',
      ),
    );
  if (agent.health !== null) {
    const place = { cwd: workbench.config.folder, environment: given };
    const { isWell, detail } = await askHealth(agent.health, place).answer;
    checks.push(
      isWell
        ? well(name, `health: ${detail}`)
        : failed(
            name,
            `health: ${detail}`,
            `nothing is started with it; see its health in ${file}`,
          ),
    );
  }
  return checks;
}
