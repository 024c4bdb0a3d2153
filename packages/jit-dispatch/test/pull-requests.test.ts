import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createPullRepository } from './pull-requests.ts';
import { git } from './worktrees.ts';

test.each(['github', 'gitea'] as const)(
  'on %s, the commits of a completed run are pushed and are a pull request, told to tracker and people',
  async (kind) => {
    const repository = await createPullRepository(kind);
    const { root, remote, server } = repository;
    const id = await repository.create(
      'Write a `$(parser)` --force',
      ...['-d', 'Why:\n\n"quoted" $HOME', '--acceptance', 'it parses', '--acceptance', 'fast'],
    );
    await repository.once();
    await repository.settle();

    const commit = git(root, 'rev-parse', `jit/${id}`);
    expect(git(remote, 'rev-parse', `jit/${id}`)).toBe(commit);
    const [pull, ...others] = repository.pulls();
    expect(others).toEqual([]);
    expect(pull).toMatchObject({
      title: 'Write a `$(parser)` --force',
      pull: { head: `jit/${id}`, base: 'main', isDraft: false },
    });
    const [run] = await repository.runs('--issue', id);
    expect(pull?.body).toBe(
      `Why:\n\n"quoted" $HOME\n\n## Acceptance criteria\n\n- it parses\n- fast\n\nIssue ${id}\n\n<!-- jit-dispatch: run ${run?.run} -->\n`,
    );
    const url = run?.pull_request?.url ?? '';
    expect(run).toMatchObject({
      state: 'completed',
      pull_request: { state: 'linked', number: 1, error: null, next_try_at: null },
    });
    const issue = await repository.jit<{ links: object; comments: { text: string }[] }>([
      'issue',
      'show',
      id,
    ]);
    expect(issue.links).toEqual({ pull_request: url });
    expect(issue.comments.map(({ text }) => text)).toEqual([`Pull request: ${url}`]);

    const shown = await repository.dispatch('show', run?.run ?? '');
    expect(shown.stdout).toContain(`linked (${url})`);
    expect(shown.stdout).toMatch(
      /pull_request_queued[\s\S]*completed|completed[\s\S]*pull_request_queued/,
    );
    const explained = await repository.dispatch('explain', id);
    expect(explained.stdout).toContain(`pull request of its last run: linked (${url})`);
    const history = await repository.dispatch('history', id);
    expect(history.stdout).toContain(`linked ${url}`);

    // It is elsewhere now: the workspace goes, and nothing is pushed or opened again.
    const posts = server.count('POST');
    await repository.once();
    expect(existsSync(repository.workspace(id))).toBe(false);
    expect(server.count('POST')).toBe(posts);
  },
);
