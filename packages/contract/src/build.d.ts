// Constants the bundler puts in; the test runner defines the same ones.
declare const __TEST_BUILD__: boolean;
declare const __VERSION__: string;

/** Version of better-sqlite3 whose script is in the bundle. */
declare const __SQLITE_VERSION__: string;
