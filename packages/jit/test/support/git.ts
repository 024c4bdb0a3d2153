import { spawnSync } from 'node:child_process';
import { cleanEnv } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';

/** What became of a call of git. */
export interface GitEnded {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of git in tests: nobody's configuration, a made-up author, no editor. */
export function gitEnv(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(cleanEnv()).filter(([name]) => !name.startsWith('GIT_'));
  return {
    ...Object.fromEntries(kept),
    GIT_AUTHOR_NAME: 't',
    GIT_AUTHOR_EMAIL: 't@example.org',
    GIT_COMMITTER_NAME: 't',
    GIT_COMMITTER_EMAIL: 't@example.org',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_EDITOR: 'true',
    ...more,
  };
}

/** Runs git, whatever its exit code. */
export function tryGit(cwd: string, argv: readonly string[]): GitEnded {
  const settings = ['init.defaultBranch=main', 'gc.auto=0', 'protocol.file.allow=always'];
  const all = [...settings.flatMap((each) => ['-c', each]), ...argv];
  const { status, stdout, stderr } = spawnSync('git', all, {
    cwd,
    env: gitEnv(),
    encoding: 'utf8',
  });
  return { exit: status, stdout, stderr };
}

/** Runs git and returns what it printed. Errors if it failed. */
export function git(cwd: string, ...argv: readonly string[]): string {
  const { exit, stdout, stderr } = tryGit(cwd, argv);
  if (exit !== 0) throw new Error(`git ${argv.join(' ')} ended with ${exit}: ${stdout}${stderr}`);
  return stdout;
}

/** Commits everything there is. */
export function commitAll(cwd: string, message: string): void {
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '--allow-empty', '-m', message);
}

/** A new repository with one commit, in a folder that goes when the test ends. */
export function tempRepository(name = 'main'): string {
  const folder = `${tempFolder()}/${name}`;
  git('/', 'init', folder);
  git(folder, 'commit', '--allow-empty', '-m', 'start');
  return folder;
}
