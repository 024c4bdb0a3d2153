import { JitError } from '@jit/contract/errors';
import type Database from 'better-sqlite3';
import { LEDGER_STEPS, LEDGER_VERSION } from './schema.ts';

/**
 * Brings a ledger to this version, in one transaction.
 * @throws JitError `LEDGER_TOO_NEW` (exit 4)
 */
export function migrate(db: Database.Database, path: string): void {
  const upgrade = db.transaction(() => {
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version > LEDGER_VERSION)
      throw new JitError(
        'invalid',
        'LEDGER_TOO_NEW',
        `${path} was written by a newer jit-dispatch (ledger ${version}, this one knows ${LEDGER_VERSION})`,
        { hint: 'use the newer jit-dispatch, or another --name', details: { path, version } },
      );
    if (version === LEDGER_VERSION) return;
    for (const step of LEDGER_STEPS.slice(version)) db.exec(step);
    db.pragma(`user_version = ${LEDGER_VERSION}`);
  });
  upgrade.immediate();
}
