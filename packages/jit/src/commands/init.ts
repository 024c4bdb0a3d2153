import { initTracker } from '../store/init.ts';
import { initTarget } from '../platform/locate.ts';
import { defineCommand } from './define.ts';

export const init = defineCommand({
  path: 'init',
  summary: 'make a tracker in this folder',
  examples: [{ argv: 'init', does: 'makes .jit in the working directory; a second time changes nothing' }],
  output: 'Init',
  run: (context) => {
    const dir = initTarget(context.around);
    return { dir, changed: initTracker(dir) };
  },
  render: (data) => (data.changed ? `made ${data.dir}` : `${data.dir} is there already: nothing changed`),
});
