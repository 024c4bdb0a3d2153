/** The version of the ledger this program writes; a newer one is refused. */
export const LEDGER_VERSION = 1;

export const LEDGER_SCHEMA = `
  CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;

  CREATE TABLE runs (
    run TEXT PRIMARY KEY,
    issue TEXT NOT NULL,
    title TEXT NOT NULL,
    agent TEXT NOT NULL,
    state TEXT NOT NULL,
    token TEXT NOT NULL,
    attempt INTEGER,
    completion TEXT NOT NULL,
    reason TEXT,
    detail TEXT,
    exit_code INTEGER,
    signal TEXT,
    pid INTEGER,
    log TEXT,
    created_at TEXT NOT NULL,
    dispatched_at TEXT,
    started_at TEXT,
    ended_at TEXT
  ) STRICT;
  CREATE INDEX runs_live ON runs (run) WHERE ended_at IS NULL;
  CREATE INDEX runs_by_issue ON runs (issue, run);
  CREATE INDEX runs_by_agent ON runs (agent, run);

  CREATE TABLE records (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL REFERENCES runs (run),
    at TEXT NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX records_by_run ON records (run, seq);
`;
