import { defineCommand } from '../cli/define-command.ts';
import { initTarget, trackerAbove } from '../platform/locate.ts';
import { initTracker } from '../store/init.ts';

export const init = defineCommand({
  path: 'init',
  summary: 'make a tracker in this folder',
  examples: [
    { argv: 'init', does: 'makes .jit in the working directory; a second time changes nothing' },
  ],
  output: 'Init',
  run: (context) => {
    const dir = initTarget(context.around);
    const changed = initTracker(dir);
    const above = trackerAbove(dir);
    if (changed && above !== null) {
      context.warn(
        `there is another tracker above, ${above}; commands in this folder use the new one`,
      );
    }
    return { dir, changed };
  },
  render: (data) =>
    data.changed ? `made ${data.dir}` : `${data.dir} is there already: nothing changed`,
});
