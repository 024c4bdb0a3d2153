import { defineCommand } from '../cli/define-command.ts';
import { initTarget, trackerAbove } from '../platform/locate.ts';
import { initTracker } from '../store/init.ts';

export const init = defineCommand({
  path: 'init',
  summary: 'make a tracker in this folder',
  examples: [
    { argv: 'init', does: 'makes .jit in the working directory; a second time changes nothing' },
  ],
  description:
    'Inside a linked git worktree it acts on the main worktree, whose .jit all worktrees share.',
  output: 'Init',
  exits: ['3 the linked worktree has no main worktree (NOT_A_TRACKER, with the places)'],
  run: (context) => {
    const { dir, worktree } = initTarget(context.around);
    const changed = initTracker(dir);
    const above = trackerAbove(dir);
    if (changed && above !== null) {
      context.warn(
        `there is another tracker above, ${above}; commands in this folder use the new one`,
      );
    }
    return { dir, changed, worktree };
  },
  render({ dir, changed, worktree }) {
    const done = changed ? `made ${dir}` : `${dir} is there already: nothing changed`;
    if (worktree === null) return done;
    return `${done}\n${worktree.root} is a linked git worktree: it shares the .jit of the main worktree ${worktree.main}`;
  },
});
