import { join } from 'node:path';
import { fillPlaceholders } from '../../config/placeholders.ts';
import type { WorkspaceSpec } from '../../run-records.ts';
import { branchKey, resolveLinks, workspaceKey } from '../../workspaces/place.ts';
import { asItStands } from '../../workspaces/standing.ts';
import type { Dispatcher } from '../dispatcher.ts';

/**
 * The folder that holds the workspaces of a repository, absolute and with its links as they are. All
 * dispatchers of one configuration have the same.
 */
export function workspaceRoot({
  config,
  repository,
}: Pick<Dispatcher, 'config' | 'repository'>): string {
  const { root } = config.workspace;
  return join(root ?? join(config.folder, '.jit-dispatch', 'workspaces'), repository);
}

/** Where the agent of an issue is to work; null: in the folder that holds `.jit`. */
export function workspaceFor(dispatcher: Dispatcher, issue: string): WorkspaceSpec | null {
  const { config, place, name } = dispatcher;
  const { kind, branch, base, hooks } = config.workspace;
  if (kind === 'none') return null;
  const root = workspaceRoot(dispatcher);
  const ids = { issue_id: branchKey(issue), agent_id: '', run_id: '' };
  return asItStands({
    kind,
    repository: place.cwd,
    jit_dir: place.jitDir,
    root,
    path: join(resolveLinks(root), workspaceKey(issue)),
    branch: kind === 'worktree' ? fillPlaceholders(branch, ids) : null,
    base,
    dispatcher: name,
    hooks: { create: hooks.create, before: hooks.before, after: hooks.after },
    hook_timeout_secs: hooks.timeoutSecs,
  });
}
