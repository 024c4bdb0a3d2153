import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from './until.ts';
import { createGitRepository, git } from './worktrees.ts';

/** Keeps its prompt, and changes the plan in its workspace; only the last one is done. */
const WORK = `#!/bin/sh
cp "$JIT_PROMPT_FILE" "$JIT_DIR/../prompts/$(ls "$JIT_DIR/../prompts" | wc -l | tr -d ' ')"
echo "the plan of $JIT_RUN_ID" > docs/plan.md
exit 1
`;

test('a prompt names workspace and branch, and has the documents that the last agent left there', async () => {
  const repository = await createGitRepository();
  const { root } = repository;
  for (const each of ['docs', 'prompts']) mkdirSync(join(root, each));
  writeFileSync(join(root, 'docs', 'plan.md'), 'the plan of the repository\n');
  git(root, 'add', 'docs');
  git(root, 'commit', '--quiet', '-m', 'Plan');
  repository.script('work', WORK);
  const configure = (workspace: string) =>
    repository.configure(
      `[retry]\nfirst_secs = 0\nattempts_per_agent = 9\n[breaker]\nfailures = 99\n[workspace]\nkind = "worktree"\n${workspace}\n` +
        `[[agents]]\nid = "a"\nprompt = "file"\ncommand = "./work"\n`,
    );
  const id = await repository.create('Issue', '--document', 'docs/plan.md');
  const path = repository.workspace(id);
  const nextPrompt = async (n: number): Promise<string> => {
    await until(`run ${n} has ended`, async () => {
      await repository.once();
      const ended = (await repository.runs('--all')).filter((run) => run.ended_at !== null);
      return ended.length >= n;
    });
    return readFileSync(join(root, 'prompts', String(n - 1)), 'utf8');
  };

  configure('');
  const first = await nextPrompt(1);
  expect(first).toContain(`- Work in ${path}, on the branch jit/${id}.`);
  expect(first).toContain('the plan of the repository');

  // The worktree that stands goes on, on its branch.
  configure('branch = "other/{issue_id}"');
  const second = await nextPrompt(2);
  const [earlier] = (await repository.runs('--all')).toReversed();
  expect(second).toContain(`- Work in ${path}, on the branch jit/${id}.`);
  expect(second).toContain(`the plan of ${earlier?.run}`);
  expect(git(path, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe(`jit/${id}`);

  // What an agent put in its place is not followed.
  const outside = join(root, 'work-of-others');
  mkdirSync(join(outside, 'docs'), { recursive: true });
  writeFileSync(join(outside, 'docs', 'plan.md'), 'SECRET\n');
  rmSync(path, { recursive: true });
  symlinkSync(outside, path);
  await until('it was refused', async () => {
    await repository.once();
    return (await repository.runs('--all')).some((run) => run.reason === 'workspace_failed');
  });
  const refused = (await repository.runs('--all')).find((run) => run.reason === 'workspace_failed');
  const prompt = readFileSync(join(refused?.log ?? '', '..', 'prompt.md'), 'utf8');
  expect(prompt).toContain('the plan of the repository');
  expect(prompt).not.toContain('SECRET');
});
