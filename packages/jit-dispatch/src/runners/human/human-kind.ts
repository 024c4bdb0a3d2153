import { agentName } from '../../agent-name.ts';
import type { HumanSettings } from '../../config/agent-kinds.ts';
import { agentEnvironment } from '../../keeper/start-agent.ts';
import { addComment, showIssue } from '../ask-tracker.ts';
import { startHook } from '../hook-program.ts';
import { issueSight } from '../issue-sight.ts';
import { going, type Kind } from '../kind.ts';
import { unavailable } from '../kind-error.ts';
import { PASSED } from '../passed.ts';
import type { Task } from '../task.ts';

const NOTIFY_MS = 60_000;
/** What its program is told besides; not the claim, for a person has no token. */
const TOLD = ['JIT_ISSUE_ID', 'JIT_AGENT_ID', 'JIT_RUN_ID', 'JIT_DIR'];

/** A person: is told by a comment and a program, and finishes the issue in the tracker. */
export const humanKind: Kind<HumanSettings> = {
  async open({ notify, pollSecs }, task, { key, earlier, environment, say, keep }) {
    const look = async () => issueSight(await showIssue(task, environment), task);
    return {
      pollMs: pollSecs * 1000,
      async begin() {
        if (earlier?.is === 'standing') return look();
        const issue = await showIssue(task, environment);
        const sight = issueSight(issue, task);
        if (sight.is !== 'going') return sight;
        keep('asked');
        const isTold = issue?.comments.some(({ text }) => text.includes(marker(key))) ?? false;
        if (!isTold) await addComment(task, environment, words(task, key));
        if (notify !== null) {
          const { cwd } = task;
          // Not all that the envoy has: that may hold the tokens of a forge.
          const pass_env = [...PASSED, ...task.pass_env, ...TOLD];
          const given = agentEnvironment({ pass_env, env: {} }, environment);
          const input = `${JSON.stringify(noticeOf(task, key))}\n`;
          const hook = startHook({
            argv: notify,
            cwd,
            environment: given,
            input,
            timeoutMs: NOTIFY_MS,
          });
          const problem = await hook.ended;
          if (problem !== null) throw unavailable(`${task.agent} could not be told: ${problem}`);
        }
        keep('standing');
        say(`${task.agent} was asked; the issue is waited for`);
        return going(issue?.updated_at ?? null);
      },
      look,
      async withdraw() {
        const sight = await look();
        // Whoever gave it back knows it.
        if (sight.is === 'taken_back') return sight;
        if (sight.is === 'going')
          await addComment(task, environment, `Nothing more to do here: run ${key} was ended.`);
        return `${task.agent} is not waited for any more`;
      },
      close: async () => {},
    };
  },
};

function marker(key: string): string {
  return `(run ${key})`;
}

function words({ agent, agent_title, issue }: Task, key: string): string {
  return [
    `This is for ${agentName(agent, agent_title)} ${marker(key)}.`,
    `When it is done: jit issue update ${issue} --state done`,
    `To give it back: jit issue release ${issue}`,
  ].join('\n');
}

function noticeOf(task: Task, key: string): object {
  const { issue, agent, title, description, acceptance_criteria, labels, priority } = task;
  const { task_type } = task;
  return {
    event: 'assigned',
    run: key,
    issue,
    agent,
    title,
    description,
    acceptance_criteria,
    labels,
    priority,
    task_type,
  };
}
