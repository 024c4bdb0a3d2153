/** The version of the ledger this program writes; a newer one is refused. */
export const LEDGER_VERSION = 5;

const VERSION_1 = `
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

const VERSION_2 = `
  ALTER TABLE runs ADD COLUMN failed TEXT;
  ALTER TABLE runs ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE runs ADD COLUMN gate_tries INTEGER NOT NULL DEFAULT 0;

  CREATE TABLE records_2 (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT REFERENCES runs (run),
    issue TEXT NOT NULL,
    at TEXT NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  INSERT INTO records_2 SELECT seq, run, (SELECT issue FROM runs WHERE runs.run = records.run), at, type, data FROM records;
  DROP TABLE records;
  ALTER TABLE records_2 RENAME TO records;
  CREATE INDEX records_by_run ON records (run, seq);

  CREATE TABLE pauses (
    account TEXT PRIMARY KEY,
    until TEXT NOT NULL,
    reason TEXT NOT NULL
  ) STRICT;

  CREATE TABLE escalations (
    id TEXT PRIMARY KEY,
    issue TEXT NOT NULL,
    title TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    created_at TEXT NOT NULL,
    escalated_at TEXT,
    told INTEGER NOT NULL DEFAULT 0,
    told_at TEXT,
    ended_at TEXT
  ) STRICT;
  CREATE INDEX escalations_open ON escalations (id) WHERE ended_at IS NULL;
`;

const VERSION_3 = `
  ALTER TABLE runs ADD COLUMN workspace TEXT;

  CREATE TABLE holds (
    scope TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    who TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT
  ) STRICT;

  CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    issue TEXT NOT NULL,
    run TEXT,
    agent TEXT,
    reason TEXT NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL,
    begun_at TEXT,
    done_at TEXT,
    outcome TEXT,
    detail TEXT
  ) STRICT;
  CREATE INDEX orders_open ON orders (id) WHERE done_at IS NULL;

  CREATE TABLE waits (
    issue TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    priority TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    since TEXT NOT NULL,
    agents_since TEXT
  ) STRICT;

  CREATE TABLE health_checks (
    agent TEXT PRIMARY KEY,
    is_well INTEGER NOT NULL,
    detail TEXT NOT NULL,
    since TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE workspaces (
    path TEXT PRIMARY KEY,
    issue TEXT NOT NULL,
    kind TEXT NOT NULL,
    repository TEXT NOT NULL,
    branch TEXT,
    base TEXT NOT NULL,
    made_at TEXT NOT NULL,
    looked_at TEXT,
    kept_because TEXT
  ) STRICT;
`;

const VERSION_4 = `
  ALTER TABLE runs ADD COLUMN task_type TEXT;
  ALTER TABLE runs ADD COLUMN class TEXT;
  ALTER TABLE runs ADD COLUMN score REAL;

  CREATE TABLE classifications (
    content TEXT PRIMARY KEY,
    class TEXT,
    confidence REAL,
    detail TEXT,
    failed TEXT,
    at TEXT NOT NULL
  ) STRICT;
`;

const VERSION_5 = `
  CREATE TABLE pull_requests (
    run TEXT PRIMARY KEY REFERENCES runs (run),
    issue TEXT NOT NULL,
    title TEXT NOT NULL,
    repository TEXT NOT NULL,
    workspace TEXT NOT NULL,
    branch TEXT NOT NULL,
    base TEXT NOT NULL,
    head TEXT,
    state TEXT NOT NULL,
    number INTEGER,
    url TEXT,
    error TEXT,
    tries INTEGER NOT NULL,
    next_try_at TEXT,
    created_at TEXT NOT NULL,
    ended_at TEXT
  ) STRICT;
  CREATE INDEX pull_requests_open ON pull_requests (run) WHERE ended_at IS NULL;
  CREATE INDEX pull_requests_by_issue ON pull_requests (issue);
`;

/** What brings a ledger from each version to the next. */
export const LEDGER_STEPS: readonly string[] = [
  VERSION_1,
  VERSION_2,
  VERSION_3,
  VERSION_4,
  VERSION_5,
];
