import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJitCli } from './jit-cli.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jit-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The tracker over a script in place of jit. */
function withScript(script: string, { cwd = folder, name = 'jit', timeoutMs = 20_000 } = {}) {
  const jit = join(folder, name);
  writeFileSync(jit, `#!/bin/sh\n${script}\n`);
  chmodSync(jit, 0o755);
  const program = { argv: [jit], suffix: [], cwd, env: {} };
  return createJitCli({ program, environment: { PATH: process.env.PATH }, timeoutMs, actor: 'd' });
}

async function failure(asked: Promise<unknown>): Promise<JitError> {
  const error = await asked.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof JitError)) throw new Error(`no JitError: ${error}`);
  return error;
}

test('a tracker that is away is a failure, not an answer about an issue', async () => {
  const away = {
    exit: 3,
    error: { code: 'NOT_A_TRACKER', message: 'no tracker here', retryable: false },
  };
  const tracker = withScript(`cat > /dev/null; echo '${JSON.stringify(away)}'`);
  const error = await failure(tracker.call([{ do: 'show', issue: 'i1' }]));
  expect(error).toMatchObject({
    code: 'TRACKER_FAILED',
    details: { tracker_code: 'NOT_A_TRACKER' },
  });
});

test('a change that is safe but not in the files yet is no refusal: it may have happened', async () => {
  const pending = {
    exit: 10,
    error: { code: 'WRITE_PENDING', message: 'the change is safe', retryable: false },
  };
  const tracker = withScript(`cat > /dev/null; echo '${JSON.stringify(pending)}'`);
  expect(await tracker.call([{ do: 'show', issue: 'i1' }])).toEqual([
    { is: 'unknown', message: 'the change is safe' },
  ]);
});

test('the limit holds for a child of the program that keeps its output open, too', async () => {
  // Without the limit the answer would come after the time of a whole test.
  for (const script of ['sleep 300 &', 'sleep 300; true']) {
    const tracker = withScript(script, { timeoutMs: 700 });
    expect(await failure(tracker.ready())).toMatchObject({ code: 'TRACKER_TIMEOUT' });
  }
});

test('no token is in an error or answer, also when the program repeats its input and hangs', async () => {
  const token = 'f00dfacef00dface';
  const ends = ['sleep 30', 'kill -9 $$', 'exit 9', 'head -c 17000000 /dev/zero'];
  const outcomes = await Promise.all(
    ends.map((end, index) => {
      const tracker = withScript(`cat\n${end}`, { name: `jit-${index}`, timeoutMs: 3_000 });
      return tracker.call([{ do: 'heartbeat', issue: 'i1', token }]).then(
        (answers) => JSON.stringify(answers),
        (error: JitError) => `${error.message}${JSON.stringify(error.details)}`,
      );
    }),
  );
  for (const outcome of outcomes) expect(outcome).not.toContain(token);
});

test('a folder that is gone is not taken for a program that is missing', async () => {
  const cwd = join(folder, 'gone');
  const error = await failure(withScript('true', { cwd }).ready());
  expect(error.code).toBe('TRACKER_FAILED');
  expect(error.message).toContain(`is gone: ${cwd}`);
});
