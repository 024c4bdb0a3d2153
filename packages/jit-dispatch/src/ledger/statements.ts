import type Database from 'better-sqlite3';

/** Prepares a statement, or gives the one that was prepared before. */
export type Prepare = <P extends unknown[], R = unknown>(sql: string) => Database.Statement<P, R>;

/**
 * Prepares each statement once. Statements hold memory that the garbage collector does not see: a daemon
 * that prepared anew for every call would grow between its collections.
 */
export function preparedOnce(db: Database.Database): Prepare {
  const known = new Map<string, Database.Statement>();
  return <P extends unknown[], R>(sql: string) => {
    const statement = known.get(sql) ?? db.prepare(sql);
    known.set(sql, statement);
    return statement as unknown as Database.Statement<P, R>;
  };
}
