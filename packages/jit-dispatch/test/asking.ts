import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Dispatcher } from '../src/daemon/dispatcher.ts';
import type { LogEntry } from '../src/daemon/log.ts';
import { openLedger } from '../src/ledger/ledger.ts';
import { systemTimers } from '../src/timers.ts';
import type { TrackerIssue } from '../src/tracker/tracker.ts';

/** What a dispatcher needs to ask for classes, with a real ledger in its folder. */
export function askingDispatcher(folder: string, cwd: string) {
  mkdirSync(join(folder, 'runs'), { recursive: true });
  const ledger = openLedger(join(folder, 'ledger.db'));
  const logged: LogEntry[] = [];
  const clock = { now: Date.parse('2026-11-20T10:00:00.000Z') };
  const dispatcher = {
    ledger,
    config: { historyDays: 14 },
    host: { folder: () => join(folder, 'runs') },
    place: { cwd, path: null },
    environment: process.env,
    log: (entry: LogEntry) => void logged.push(entry),
    now: () => new Date(clock.now),
    timers: systemTimers,
  } as unknown as Dispatcher;
  return { dispatcher, ledger, logged, clock };
}

/** A ready issue, with what the test is about. */
export function askedIssue(
  id: string,
  facts: Readonly<Record<string, unknown>> = {},
): TrackerIssue {
  const whole = {
    id,
    title: `Issue ${id}`,
    state: 'ready',
    priority: 'normal',
    assignee: null,
    labels: [],
    attempt: 0,
    created_at: '2026-11-20T10:00:00.000Z',
    description: '',
    acceptance_criteria: [],
    documents: [],
    metadata: {},
    ...facts,
  } as const;
  return { ...whole, isClaimed: false, whole } as unknown as TrackerIssue;
}
