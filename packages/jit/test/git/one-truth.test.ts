import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { jitJson, runBundle } from '@jit/testkit/processes';
import { describe, expect, it } from 'vitest';
import { commitAll, git, tempRepository } from '../support/git.ts';

const WORKTREES = 4;
const PROCESSES_EACH = 3;
const ISSUES = 12;

async function repositoryWithWorktrees(): Promise<{ main: string; linked: string[] }> {
  const main = tempRepository();
  await runBundle('jit', ['init'], { cwd: main });
  const titles = Array.from({ length: ISSUES }, (_, at) => `issue ${at}`);
  const stdin = titles
    .map((title) => `${JSON.stringify(['issue', 'create', '-t', title])}\n`)
    .join('');
  await runBundle('jit', ['batch'], { cwd: main, stdin });
  // Committed: each worktree gets a copy of .jit, and must not use it.
  commitAll(main, 'tracker');
  const linked = Array.from({ length: WORKTREES }, (_, at) => `${dirname(main)}/w${at}`);
  for (const path of linked) git(main, 'worktree', 'add', '--detach', path);
  return { main, linked };
}

describe('all worktrees of a repository', () => {
  it('have one truth about claims: one winner for each issue', async () => {
    const { main, linked } = await repositoryWithWorktrees();
    const issues = await jitJson<{ id: string }[]>(['query', 'ready'], { cwd: main });
    const callers = linked.flatMap((cwd) => Array.from({ length: PROCESSES_EACH }, () => cwd));
    const ended = await Promise.all(
      callers.map(async (cwd) => {
        const stdin = issues
          .map(({ id }) => `${JSON.stringify(['issue', 'claim', id, 'bot', '--ttl', '600'])}\n`)
          .join('');
        const { stdout } = await runBundle('jit', ['batch'], { cwd, stdin });
        return stdout
          .split('\n')
          .filter(Boolean)
          .map((line): { exit: number } => JSON.parse(line));
      }),
    );
    const winners = issues.map((_, at) => ended.filter((lines) => lines[at]?.exit === 0).length);
    const refused = ended.flat().filter(({ exit }) => exit === 6).length;
    console.log(
      `${WORKTREES} worktrees, ${callers.length} processes: ${winners.filter((n) => n === 1).length} of ${ISSUES} issues with one winner, ${refused} refused with exit 6`,
    );
    expect(winners).toEqual(issues.map(() => 1));
    expect(refused).toBe(ISSUES * (callers.length - 1));
  });

  it('lose nothing when one of them is deleted', async () => {
    const { main, linked } = await repositoryWithWorktrees();
    const [first = '', second = ''] = linked;
    const issues = await jitJson<{ id: string }[]>(['query', 'ready'], { cwd: first });
    const id = issues[0]?.id ?? '';
    await runBundle('jit', ['issue', 'claim', id, 'bot', '--ttl', '600'], { cwd: first });
    const before = await jitJson(['issue', 'show', id], { cwd: main });
    rmSync(first, { recursive: true });
    git(main, 'worktree', 'prune');
    expect(await jitJson(['issue', 'show', id], { cwd: second })).toEqual(before);
    const taken = await runBundle('jit', ['issue', 'claim', id, 'bot'], { cwd: second });
    expect(taken.exit).toBe(6);
  });
});
