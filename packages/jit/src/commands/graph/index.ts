import type { CommandIndexEntry } from '@jit/cli-kit/define-command';
import type { JitContext } from '../../context.ts';

/** The commands on the graph of dependencies. */
export const GRAPH_COMMANDS: readonly CommandIndexEntry<JitContext>[] = [
  {
    path: 'graph show',
    summary: 'the dependency graph below an issue, or of everything unfinished',
    group: 'Plan',
    load: async () => (await import('./show.ts')).show,
  },
  {
    path: 'graph downstream',
    summary: 'everything that waits for an issue, directly or through others',
    group: 'Plan',
    load: async () => (await import('./downstream.ts')).downstream,
  },
  {
    path: 'graph roots',
    summary: 'the unfinished issues that wait for no other: where the work begins',
    group: 'Plan',
    load: async () => (await import('./roots.ts')).roots,
  },
  {
    path: 'graph critical-path',
    summary: 'the longest chain of unfinished issues, one after the other',
    group: 'Plan',
    load: async () => (await import('./critical-path.ts')).criticalPath,
  },
  {
    path: 'graph export',
    summary: 'the dependency graph as dot, Mermaid or JSON',
    group: 'Plan',
    load: async () => (await import('./export.ts')).exportGraph,
  },
];
