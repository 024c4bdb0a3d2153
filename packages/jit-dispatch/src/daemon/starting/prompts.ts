import type { AgentConfig } from '../../config/config.ts';
import { forgeRepositoryOf, trackerKindOf } from '../../config/tracker-kind.ts';
import type { Run } from '../../ledger/run.ts';
import { wishesOf } from '../../planning/assessing/wishes.ts';
import type { WorkspaceSpec } from '../../run-records.ts';
import { fitsVariable } from '../../runners/command/build-spec.ts';
import type { TrackerAnswer, TrackerCall, TrackerIssue } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { issueText } from '../looking/issue-text.ts';
import { askOrGoWithout } from './ask-or-go-without.ts';
import { toContext } from './prompt-context.ts';

/** What agents are started without where it can't be had. */
const EXTRA = { event: 'prompt', what: 'the results of other issues' } as const;

/** A run that is about to start. */
export interface Starting {
  readonly run: Run;
  readonly agent: AgentConfig;
}

/** A run whose claim was given, and where it is to work; null: in the folder that holds `.jit`. */
export interface Prompted extends Starting {
  readonly workspace: WorkspaceSpec | null;
}

/**
 * Makes the prompt of a run; null for an agent that takes none.
 * @throws JitError `CONTEXT_BUILD_FAILED`
 */
export type PromptMaker = (prompted: Prompted, issue: TrackerIssue) => string | null;

/** So many dependencies of an issue are asked about. */
const MAX_DEPENDENCIES = 50;

/**
 * Asks the tracker, in one go for all runs that are about to start, what their prompts say besides
 * the issue. What it does not tell is left out, and the prompt says so; it costs no run.
 * @param answers to the claims, with what failed before
 */
export async function openPrompts(
  dispatcher: Dispatcher,
  starting: readonly Starting[],
  answers: readonly TrackerAnswer[],
): Promise<PromptMaker> {
  const takers = starting.flatMap(({ agent }, index) => {
    const answer = answers[index];
    return agent.prompt !== null && answer?.is === 'ok' ? answer.issues : [];
  });
  if (takers.length === 0) return () => null;
  const calls = takers.flatMap(callsFor);
  const told = await askOrGoWithout(dispatcher, calls, EXTRA);
  const known = new Map(calls.map((call, index) => [keyOf(call), told[index]]));
  const { renderPrompt } = await import('../../prompt/render-prompt.ts');
  const builtIn = (await import('../../prompt/default-template.ts')).DEFAULT_TEMPLATE;
  return (each, issue) => {
    if (each.agent.prompt === null) return null;
    const { templateText, budgetTokens } = dispatcher.config.prompt;
    const answerTo = (call: TrackerCall) => known.get(keyOf(call));
    const folder = dispatcher.place.cwd;
    const { config, repository } = dispatcher;
    const trackerKind = trackerKindOf(config, repository);
    const repositoryName = forgeRepositoryOf(config, repository);
    const context = toContext({ ...each, issue, trackerKind, repositoryName, folder, answerTo });
    const budget = wishesOf(issueText(issue)).tokenBudget ?? budgetTokens;
    const { text, tokens, cut } = renderPrompt(templateText ?? builtIn, context, budget);
    const facts = { issue: issue.id, agent: each.agent.id, run: each.run.run };
    const say = (level: 'info' | 'warn', message: string): void =>
      dispatcher.log({ level, event: 'prompt', message, ...facts });
    if (cut.length > 0) say('info', `cut to about ${tokens} tokens: ${cut.join(', ')}`);
    if (each.agent.prompt === 'env' && !fitsVariable(text))
      say('warn', 'too long for JIT_PROMPT, which is not set: it is in JIT_PROMPT_FILE only');
    return text;
  };
}

function callsFor(issue: TrackerIssue): TrackerCall[] {
  const { dependencies = [] } = (issue.whole ?? {}) as { dependencies?: readonly string[] };
  const wanted = dependencies.slice(0, MAX_DEPENDENCIES);
  const shows = wanted.map((id): TrackerCall => ({ do: 'show', issue: id }));
  const wasTried = issue.attempt > 1 && wanted.length > 0;
  return [...shows, ...(wasTried ? [{ do: 'releases', issue: issue.id } as const] : [])];
}

function keyOf(call: TrackerCall): string {
  return 'issue' in call ? `${call.do} ${call.issue}` : call.do;
}
