import { testClockFile } from '../platform/test-clock.ts';
import type { PathWatch } from '../platform/watch-paths.ts';
import { watchPaths } from '../platform/watch-paths.ts';
import type { Layout } from './layout.ts';
import type { ChangeWatch } from './store.ts';

declare const __TEST_BUILD__: boolean;

/** The watches on the documents of one `.jit`. They end with the store, and with them whoever waits. */
export class Watches {
  private readonly layout: Layout;
  private readonly open = new Set<PathWatch>();

  constructor(layout: Layout) {
    this.layout = layout;
  }

  /** Issues and gates, and the folder itself: git may take either of them away and bring it back. */
  begin(): ChangeWatch {
    const { root, issues, gates } = this.layout;
    const clock = __TEST_BUILD__ ? [testClockFile()] : [];
    const watch = watchPaths([root, issues, gates, ...clock].filter((path) => path !== undefined));
    this.open.add(watch);
    return {
      changed: (ms) => watch.changed(ms),
      close: () => {
        watch.close();
        this.open.delete(watch);
      },
    };
  }

  close(): void {
    for (const watch of this.open) watch.close();
    this.open.clear();
  }
}
