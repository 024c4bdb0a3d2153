import type { Problem } from './problem.ts';
import type { PullRequestConfig } from './pull-request.ts';
import type { DispatchFile } from './schema.ts';

/** Turns the table about pull requests into its configuration; null where none are opened. */
export async function checkPullRequest(
  written: DispatchFile,
  problems: Problem[],
): Promise<PullRequestConfig | null> {
  const { pull_request: table, workspace, repositories } = written;
  const { on } = table;
  if (on === 'none') return null;
  const refuse = (message: string): void =>
    void problems.push({ path: ['pull_request', 'on'], message });
  if (workspace.kind !== 'worktree')
    refuse(
      `needs workspace.kind = "worktree": with "${workspace.kind}" no run has a branch of its own`,
    );
  if (written[on].repository === undefined)
    refuse(`needs ${on}.repository: nothing says which one`);
  if (repositories.length > 0)
    refuse('is for one repository: a forge is configured once, and there are [[repositories]]');
  const { DEFAULT_PULL_BODY, DEFAULT_PULL_TITLE } = await import('../prompt/pull-templates.ts');
  const { title = DEFAULT_PULL_TITLE, body = DEFAULT_PULL_BODY } = table;
  await checkTexts({ title, body }, problems);
  return {
    forge: on,
    remote: table.remote,
    base: table.base ?? null,
    draft: table.draft,
    title,
    body,
    pushTimeoutSecs: table.push_timeout_secs,
    passEnv: table.pass_env,
  };
}

async function checkTexts(
  texts: Readonly<Record<'title' | 'body', string>>,
  problems: Problem[],
): Promise<void> {
  const { checkTemplate } = await import('../prompt/check-template.ts');
  const { PULL_SAMPLE } = await import('../prompt/pull-templates.ts');
  for (const key of ['title', 'body'] as const)
    for (const { line, message } of await checkTemplate(texts[key], PULL_SAMPLE)) {
      const place = line === null || line === 1 ? '' : `line ${line} of it: `;
      problems.push({ path: ['pull_request', key], message: `${place}${message}` });
    }
}
