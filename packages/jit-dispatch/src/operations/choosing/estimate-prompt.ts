import { JitError } from '@jit/contract/errors';
import type { AgentConfig } from '../../config/config.ts';
import { forgeRepositoryOf, trackerKindOf } from '../../config/tracker-kind.ts';
import { toContext } from '../../daemon/starting/prompt-context.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import type { FoundIssue } from '../finding/find-issues.ts';

/**
 * About how many tokens the prompt of an agent would have, cut to the budget; null for an agent that takes none, or
 * where it can't be made. What other issues say is left out: it is asked for when a run begins.
 */
export async function estimatePrompt(
  workbench: Workbench,
  { issue, site }: FoundIssue,
  { agent, budget }: { readonly agent: AgentConfig; readonly budget: number },
): Promise<number | null> {
  if (agent.prompt === null) return null;
  const { renderPrompt } = await import('../../prompt/render-prompt.ts');
  const { DEFAULT_TEMPLATE } = await import('../../prompt/default-template.ts');
  const { workFolder } = await workbench.locateTracker(site);
  try {
    const context = toContext({
      run: { run: 'estimate' },
      agent,
      issue,
      workspace: null,
      trackerKind: trackerKindOf(workbench.config, site.repository),
      repositoryName: forgeRepositoryOf(workbench.config, site.repository),
      folder: workFolder,
      answerTo: () => undefined,
    });
    return renderPrompt(workbench.config.prompt.templateText ?? DEFAULT_TEMPLATE, context, budget)
      .tokens;
  } catch (error) {
    if (error instanceof JitError) return null;
    throw error;
  }
}
