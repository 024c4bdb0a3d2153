import { closeSync, openSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { JitError } from '@jit/contract/errors';
import type { Layout } from '../layout.ts';
import type { Database } from '../sqlite.ts';
import { isBusy, isNoDatabase, openSqlite } from '../sqlite.ts';

/** Says what the holder of the lock is doing, for those who wait in vain. */
export interface LockLabel {
  readonly actor: string;
  readonly command: string;
}

/**
 * The cross-process lock: `BEGIN IMMEDIATE` on an SQLite file that holds nothing. The system ends it
 * with its process, so a killed holder never blocks the next one.
 */
export class StoreLock {
  private db: Database | null = null;
  private identity = '';
  private held = false;
  private readonly layout: Layout;
  private readonly label: LockLabel;

  constructor(layout: Layout, label: LockLabel) {
    this.layout = layout;
    this.label = label;
  }

  /** True while this process has the lock. */
  get isHeld(): boolean {
    return this.held;
  }

  /** Waits up to `timeoutMs` for the lock. Errors: LOCK_TIMEOUT (exit 75) naming the holder. */
  take(timeoutMs: number): void {
    const start = performance.now();
    while (!this.tryTake()) {
      const waited = performance.now() - start;
      if (waited >= timeoutMs) throw this.timeout(timeoutMs);
      // Many waiters have waited long: the longer they have, the less often each one asks.
      pause(Math.min(40, Math.max(2, waited / 10)) * (0.5 + Math.random()));
    }
  }

  /** Takes the lock if it is free now. */
  tryTake(): boolean {
    if (this.held) throw new Error('the lock is already held by this process');
    for (;;) {
      const db = this.open();
      try {
        db.exec('BEGIN IMMEDIATE');
      } catch (error) {
        if (isBusy(error)) return false;
        this.close();
        if (!isNoDatabase(error)) throw error;
        // It holds nothing, so nothing is lost. Emptied in place, it stays one file for all who wait.
        if (statSync(this.layout.lockDb).size > 0) truncateSync(this.layout.lockDb, 0);
        continue;
      }
      if (identityOf(this.layout.lockDb) === this.identity) break;
      this.close();
    }
    this.held = true;
    this.sign();
    return true;
  }

  /** True if the lock is held and its file is still the one that others take. */
  isSound(): boolean {
    return this.held && identityOf(this.layout.lockDb) === this.identity;
  }

  release(): void {
    if (!this.held) return;
    this.held = false;
    this.db?.exec('ROLLBACK');
  }

  close(): void {
    this.held = false;
    this.db?.close();
    this.db = null;
  }

  private open(): Database {
    if (this.db !== null) return this.db;
    closeSync(openSync(this.layout.lockDb, 'a'));
    this.identity = identityOf(this.layout.lockDb);
    this.db = openSqlite(this.layout.lockDb, { timeout: 0 });
    return this.db;
  }

  private sign(): void {
    try {
      const holder = { pid: process.pid, since: new Date().toISOString(), ...this.label };
      writeFileSync(this.layout.holder, JSON.stringify(holder));
    } catch {
      // Only an aid for those who wait; a full disk is met at the staging of the write itself, an actor that can't be told at its start.
    }
  }

  private timeout(timeoutMs: number): JitError {
    const holder = readHolder(this.layout.holder);
    const who =
      holder === null
        ? 'another process'
        : `process ${holder.pid} (${holder.actor}: ${holder.command}, since ${holder.since})`;
    const secs = timeoutMs / 1000;
    return new JitError(
      'lock_timeout',
      'LOCK_TIMEOUT',
      `the lock was not had in ${secs} s: ${who} holds it`,
      {
        hint: 'Try again, or wait longer with --lock-timeout SECS.',
        details: { holder, waited_secs: secs },
      },
    );
  }
}

function readHolder(path: string): Record<string, unknown> | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** Tells a lock file from one that was put in its place: inode and the time of its last change. */
function identityOf(path: string): string {
  try {
    const stat = statSync(path, { bigint: true });
    return `${stat.dev}:${stat.ino}:${stat.ctimeNs}`;
  } catch {
    return 'gone';
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
