import { type GroupEnd, runInGroup } from './run-in-group.ts';

/** Calls git in a folder. */
export type Git = (cwd: string, ...args: readonly string[]) => Promise<GroupEnd>;

/** Of one call: checking out a large repository takes its time. */
const LIMIT_MS = 10 * 60_000;
/** What a repository's own settings could hide or start. */
const SETTINGS = [
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'worktree.useRelativePaths=false',
  'advice.detachedHead=false',
];

/** Git with an environment that no caller's repository leaks into, and that never asks anybody. */
export function createGit(environment: NodeJS.ProcessEnv, signal?: AbortSignal): Git {
  const given = Object.entries(environment).filter(([name]) => !name.startsWith('GIT_'));
  const clean = {
    ...Object.fromEntries(given),
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    LC_ALL: 'C',
  };
  const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
  return (cwd, ...args) =>
    runInGroup({
      argv: ['git', ...settings, ...args],
      cwd,
      environment: clean,
      timeoutMs: LIMIT_MS,
      signal,
    });
}

/** What git said when it refused, on one line. */
export function refusalOf({ tail, problem }: GroupEnd): string {
  const lines = tail.split('\n').filter((line) => line.trim() !== '');
  const said = lines.filter((line) => /^(fatal|error):/.test(line)).join('; ') || lines.join('; ');
  return said === '' ? `git ${problem}` : said;
}
