import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jitJson, runBundle } from '@jit/testkit/processes';
import { expect, it } from 'vitest';
import { commitAll, git, tempRepository } from '../support/git.ts';

it('a checkout that is older than the tracker has none, and claims are there again with the branch', async () => {
  const cwd = tempRepository();
  git(cwd, 'branch', 'old');
  await runBundle('jit', ['init'], { cwd });
  const { id } = await jitJson<{ id: string }>(['issue', 'create', 'A'], { cwd });
  commitAll(cwd, 'tracker');
  const claimed = await jitJson<{ claim: { token: string } }>(
    ['issue', 'claim', id, 'bot', '--ttl', '600'],
    { cwd },
  );
  commitAll(cwd, 'claim');
  git(cwd, 'checkout', 'old');
  expect(existsSync(join(cwd, '.jit', 'local', 'state.db'))).toBe(true);
  for (const argv of [
    ['status'],
    ['issue', 'create', 'lost'],
    ['issue', 'claim-next', 'other'],
    ['issue', 'heartbeat', id, '--claim', claimed.claim.token],
  ]) {
    const { exit, stdout } = await runBundle('jit', [...argv, '--json'], { cwd });
    expect({ exit, code: JSON.parse(stdout).error.code }, argv.join(' ')).toEqual({
      exit: 3,
      code: 'NOT_A_TRACKER',
    });
  }
  git(cwd, 'checkout', 'main');
  expect((await runBundle('jit', ['issue', 'claim', id, 'other'], { cwd })).exit).toBe(6);
  const done = ['issue', 'update', id, '--state', 'done', '--claim', claimed.claim.token];
  expect((await runBundle('jit', done, { cwd })).exit).toBe(0);
});
