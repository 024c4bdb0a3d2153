import type { CommandIndexEntry } from '@jit/cli-kit/define-command';
import type { JitContext } from '../../context.ts';

/** The commands on one issue. */
export const ISSUE_COMMANDS: readonly CommandIndexEntry<JitContext>[] = [
  {
    path: 'issue create',
    summary: 'make an issue',
    group: 'Work',
    load: async () => (await import('./create.ts')).create,
  },
  {
    path: 'issue show',
    summary: 'everything about an issue',
    group: 'Work',
    load: async () => (await import('./show.ts')).show,
  },
  {
    path: 'issue list',
    summary: 'the issues, oldest first',
    group: 'Work',
    load: async () => (await import('./list.ts')).list,
  },
  {
    path: 'issue explain',
    summary: 'why an issue is or is not ready, and what would change that',
    group: 'Work',
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    path: 'issue search',
    summary: 'the issues that hold all these words, best first',
    group: 'Work',
    load: async () => (await import('./search.ts')).search,
  },
  {
    path: 'issue update',
    summary: 'change fields or the state of an issue',
    group: 'Work',
    load: async () => (await import('./update.ts')).update,
  },
  {
    path: 'issue comment',
    summary: 'add a comment to an issue',
    group: 'Work',
    load: async () => (await import('./comment.ts')).comment,
  },
  {
    path: 'issue claim',
    summary: 'take an issue for one assignee; exactly one of any number of callers wins',
    group: 'Claims',
    load: async () => (await import('./claim.ts')).claim,
  },
  {
    path: 'issue claim-next',
    summary: 'take the most urgent ready issue',
    group: 'Claims',
    load: async () => (await import('./claim-next.ts')).claimNext,
  },
  {
    path: 'issue heartbeat',
    summary: 'renew the lease of a claim',
    group: 'Claims',
    load: async () => (await import('./heartbeat.ts')).heartbeat,
  },
  {
    path: 'issue release',
    summary: 'give a claimed issue back',
    group: 'Claims',
    load: async () => (await import('./release.ts')).release,
  },
  {
    path: 'issue reassign',
    summary: 'hand a claimed issue to another assignee',
    group: 'Claims',
    load: async () => (await import('./reassign.ts')).reassign,
  },
  {
    path: 'issue assign',
    summary: 'reserve an unclaimed issue for one assignee',
    group: 'Claims',
    load: async () => (await import('./assign.ts')).assign,
  },
  {
    path: 'issue unassign',
    summary: 'end the reservation of an unclaimed issue',
    group: 'Claims',
    load: async () => (await import('./unassign.ts')).unassign,
  },
  {
    path: 'issue reject',
    summary: 'give an issue up for good',
    group: 'Work',
    load: async () => (await import('./reject.ts')).reject,
  },
  {
    path: 'issue reopen',
    summary: 'open a done or rejected issue again',
    group: 'Work',
    load: async () => (await import('./reopen.ts')).reopen,
  },
  {
    path: 'issue archive',
    summary: 'put a done or rejected issue away',
    group: 'Work',
    load: async () => (await import('./archive.ts')).archive,
  },
  {
    path: 'issue delete',
    summary: 'remove an issue',
    group: 'Work',
    load: async () => (await import('./delete.ts')).deleteCommand,
  },
];
