import { join } from 'node:path';
import { type ExitRecord, RUN_FILES } from '../run-records.ts';
import { timestamp } from './clock.ts';
import { keep } from './keep.ts';
import { writeRecord } from './records.ts';

const folder = process.argv[2] ?? '';

// Built as one CommonJS file, which starts faster than modules and has no top-level await.
void main();

async function main(): Promise<void> {
  try {
    await keep({
      folder,
      environment: process.env,
      step: (name) => {
        if (__TEST_BUILD__ && process.env.JIT_DISPATCH_TEST_KEEPER_KILL_AT === name)
          process.kill(process.pid, 'SIGKILL');
      },
      onStop: (callback) => {
        process.on('SIGTERM', callback).on('SIGINT', callback);
        // It lives in a session of its own; a hang-up means nobody.
        process.on('SIGHUP', () => {});
      },
    });
  } catch (error) {
    // The agent, if there is one, is found by its marker when the run is settled.
    const message = error instanceof Error ? error.message : String(error);
    const exit: ExitRecord = {
      reason: 'keeper_failed',
      message,
      stack: error instanceof Error ? error.stack : undefined,
      code: null,
      signal: null,
      started_at: null,
      ended_at: timestamp(),
    };
    writeRecord(join(folder, RUN_FILES.exit), exit);
    process.exitCode = 1;
  }
}
