import { execFileSync } from 'node:child_process';
import { cleanEnv } from '@jit/testkit/processes';

/** Runs git in a folder, without the configuration and hooks of whoever runs the tests. Errors if it fails. */
export function git(cwd: string, ...argv: string[]): void {
  const env = cleanEnv({
    GIT_AUTHOR_NAME: 't',
    GIT_AUTHOR_EMAIL: 't@example.org',
    GIT_COMMITTER_NAME: 't',
    GIT_COMMITTER_EMAIL: 't@example.org',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
  });
  const config = ['-c', 'init.defaultBranch=main', '-c', 'core.hooksPath=/dev/null'];
  execFileSync('git', [...config, ...argv], { cwd, env, stdio: 'pipe' });
}

/** Commits everything that is there. */
export function commitAll(cwd: string, message: string): void {
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-m', message);
}
