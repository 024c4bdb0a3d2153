import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '@jit/contract/errors';
import type {
  DispatchEventOutput,
  DispatcherStatusOutput,
} from '@jit/contract/outputs/dispatcher-status';
import type { Ledger } from '../../ledger/ledger.ts';
import { type FollowedSite, followEvents, parseCursor } from '../../seeing/event-tail.ts';
import { gatherStatus } from '../../seeing/gather-status.ts';
import type { Site } from '../../sites.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { sourceOf } from './status-source.ts';

const POLL_MS = 250;

/** How the status is watched. */
export interface StatusWatch {
  /** Between two looks. */
  readonly intervalMs: number;
  /** It is told after each look; else only when something changed. */
  readonly isEachTold: boolean;
}

/** The status again and again. */
export function watchStatus(
  workbench: Workbench,
  { intervalMs, isEachTold }: StatusWatch,
): AsyncIterableIterator<DispatcherStatusOutput> {
  let last = '';
  const ledgers = followLedgers(workbench);
  return polled(intervalMs, async () => {
    await ledgers.refresh();
    const status = await gatherStatus(await sourceOf(workbench, ledgers.of));
    const word = JSON.stringify({ ...status, at: null, runs: status.runs.map(withoutSigns) });
    if (!isEachTold && word === last) return [];
    last = word;
    return [status];
  });
}

function withoutSigns(run: DispatcherStatusOutput['runs'][number]): unknown {
  return { ...run, last_sign_at: null };
}

/** The whole status, then everything that happens. */
export async function watchEvents(
  workbench: Workbench,
  since: string | undefined,
): Promise<AsyncIterableIterator<DispatchEventOutput>> {
  const names = workbench.sites.map(({ repository }) => repository);
  const asked = since === undefined ? null : parseCursor(since, names);
  if (since !== undefined && asked === null)
    throw usageError(`--since: ${since} is no id of an event of this dispatcher`, {
      hint: 'it is the id of the last event that was seen',
    });
  const ledgers = followLedgers(workbench);
  await ledgers.refresh();
  const sites = workbench.sites.map(
    (site): FollowedSite => ({ repository: site.repository, ledger: () => ledgers.of(site) }),
  );
  // Before the status: what happens while it is made is told after it.
  const tail = followEvents(sites, asked, workbench.now);
  const id = tail.cursor();
  let isFirst = true;
  return polled(POLL_MS, async () => {
    if (!isFirst) {
      await ledgers.refresh();
      return tail.next().map(({ event }) => event);
    }
    isFirst = false;
    const data = await gatherStatus(await sourceOf(workbench, ledgers.of));
    const facts = { run: null, issue: null, agent: null, repository: '' };
    return [{ id, at: data.at, type: 'status', ...facts, data }];
  });
}

/** The ledgers, opened once, and again when another file took the place of one. */
function followLedgers({ sites, readLedger }: Workbench): {
  refresh(): Promise<void>;
  of(site: Site): Ledger | null;
} {
  const open = new Map<Site, { readonly inode: number; readonly ledger: Ledger | null }>();
  return {
    async refresh() {
      for (const site of sites) {
        const file = join(site.folder, 'ledger.db');
        const inode = existsSync(file) ? statSync(file).ino : 0;
        const known = open.get(site);
        if (inode === 0 || known?.inode === inode) continue;
        const ledger = await readLedger(site);
        open.set(site, { inode, ledger });
      }
    },
    of: (site) => open.get(site)?.ledger ?? null,
  };
}

/**
 * What a poll gives, again and again with a pause in between. An iterator by hand, because a generator
 * that waits for its timer could not be ended before it fires.
 */
function polled<T>(pauseMs: number, poll: () => Promise<readonly T[]>): AsyncIterableIterator<T> {
  const waiting: T[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isFirst = true;
  return {
    async next() {
      for (;;) {
        const value = waiting.shift();
        if (value !== undefined) return { done: false, value };
        if (!isFirst)
          await new Promise<void>((resolve) => {
            timer = setTimeout(resolve, pauseMs);
          });
        isFirst = false;
        waiting.push(...(await poll()));
      }
    },
    async return() {
      clearTimeout(timer);
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
