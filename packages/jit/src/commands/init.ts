import { dirname } from 'node:path';
import { defineCommand } from '../cli/define-command.ts';
import { planAgentsFile } from '../platform/agents-file.ts';
import { initTarget, trackerAbove } from '../platform/locate.ts';
import { initTracker } from '../store/init.ts';

export const init = defineCommand({
  path: 'init',
  summary: 'make a tracker in this folder',
  examples: [
    { argv: 'init', does: 'makes .jit in the working directory; a second time changes nothing' },
    { argv: 'init --agents', does: 'also tells agents about it, in a marked block of AGENTS.md' },
  ],
  options: {
    agents: {
      type: 'boolean',
      describe: 'write a marked block about jit into the AGENTS.md beside .jit, nothing else of it',
    },
  },
  exits: [
    '3 the linked worktree has no main worktree (NOT_A_TRACKER, with the places)',
    '4 AGENTS_MARKS: the marks of the block are damaged; nothing was made or changed',
    '5 the folder or AGENTS.md may not be written',
    '6 AGENTS_CHANGED: somebody else changed AGENTS.md meanwhile',
  ],
  description:
    'Inside a linked git worktree it acts on the main worktree, whose .jit all worktrees share.',
  output: 'Init',
  run: (context, args) => {
    const { dir, worktree } = initTarget(context.around);
    // Decided before anything is made: damaged marks refuse the whole command.
    const agents = args.agents ? planAgentsFile(dirname(dir)) : null;
    const changed = initTracker(dir);
    agents?.write();
    const above = trackerAbove(dir);
    if (changed && above !== null) {
      context.warn(
        `there is another tracker above, ${above}; commands in this folder use the new one`,
      );
    }
    return {
      dir,
      changed: changed || agents?.changed === true,
      worktree,
      agents: agents && { file: agents.file, changed: agents.changed },
    };
  },
  render({ dir, changed, worktree, agents }) {
    const made = changed ? `made ${dir}` : `${dir} is there already: nothing changed`;
    const lines = [agents === null ? made : dir];
    if (agents !== null) {
      const told = `wrote the block of jit into ${agents.file}`;
      const kept = `${agents.file} has the block of jit already: nothing changed there`;
      lines.push(agents.changed ? told : kept);
    }
    if (worktree !== null) {
      const { root, main } = worktree;
      lines.push(
        `${root} is a linked git worktree: it shares the .jit of the main worktree ${main}`,
      );
    }
    return lines.join('\n');
  },
});
