import { JitError } from '@jit/contract/errors';
import { claimOf } from './reading/to-issue.ts';
import type { View } from './view.ts';

/** Who holds how much, while several claims are made at a time. */
export interface Slots {
  /**
   * Counts one more for an agent; the answer takes that back.
   * @throws JitError ASSIGNEE_FULL (6): it holds that many already
   */
  take(agent: string, most: number | null): Promise<() => void>;
}

/**
 * Counts over the issues that fit the filter, and those that are taken here. What others take in the same moment is
 * not seen: this is as exact as a forge allows.
 */
export function createSlots(view: View): Slots {
  let listed: ReturnType<View['listLately']> | null = null;
  const taken = new Map<string, number>();
  return {
    async take(agent, most) {
      const add = (count: number) => taken.set(agent, (taken.get(agent) ?? 0) + count);
      if (most !== null) {
        listed ??= view.listLately();
        const open = await listed;
        const held = open.filter((seen) => claimOf(seen, view.now())?.agent === agent).length;
        if (held + (taken.get(agent) ?? 0) >= most) throw full(agent, most);
      }
      add(1);
      return () => void add(-1);
    },
  };
}

function full(agent: string, most: number): JitError {
  return new JitError('conflict', 'ASSIGNEE_FULL', `${agent} already holds ${most} issues`, {
    hint: 'Wait until it has finished one.',
    details: { assignee: agent, max_held: most },
  });
}
