import type { Outside, TokenPlace } from '../config/agent-kinds.ts';
import type { AgentConfig } from '../config/config.ts';
import type { RunPlace, RunSubject } from './run-subject.ts';
import { issueFacts, type Task } from './task.ts';

/** What the envoy of a run is told. */
export function taskOf(
  outside: Outside,
  agent: AgentConfig,
  subject: RunSubject,
  place: RunPlace,
): Task {
  return {
    outside,
    dispatcher: place.dispatcher,
    run: subject.run,
    attempt: subject.attempt,
    agent: agent.id,
    agent_title: agent.title,
    issue: subject.issue,
    ...issueFacts(JSON.parse(subject.issueJson)),
    task_type: subject.taskType,
    prompt: subject.prompt,
    finishes_issue: agent.completion === 'issue',
    tracker: place.tracker,
    folder: place.runFolder,
    cwd: subject.workspace?.path ?? place.cwd,
    pass_env: [...agent.passEnv, ...Object.keys(agent.env)],
    stop_grace_secs: place.stopGraceSecs,
    earlier: subject.earlier,
  };
}

/** The variables that hold the tokens of an agent elsewhere. */
export function tokensOf({ outside }: Pick<AgentConfig, 'outside'>): string[] {
  const token = outside === null ? null : placeOfToken(outside);
  return token !== null && 'env' in token ? [token.env] : [];
}

function placeOfToken({ kind, settings }: Outside): TokenPlace | null {
  switch (kind) {
    case 'http':
      return settings.token;
    case 'github-label':
    case 'gitea-label':
    case 'github-actions':
      return settings.forge.token;
    case 'copilot-sdk':
    case 'human':
      return null;
  }
}
