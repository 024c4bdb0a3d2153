import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, test } from 'vitest';

const ISSUE = {
  id: 'i1',
  title: 'T',
  state: 'ready',
  priority: 'normal',
  assignee: null,
  labels: [],
  attempt: 0,
  claim: null,
  created_at: '2026-11-20T10:00:00.000Z',
};
const LISTED = JSON.stringify({ exit: 0, result: [] });

/** A dispatcher whose jit is a script: what it prints for `where`, `query ready` and `batch`. */
function withJit(script: string | null) {
  const folder = tempFolder();
  mkdirSync(join(folder, '.jit'));
  const jit = join(folder, 'fake-jit');
  if (script !== null) {
    writeFileSync(jit, `#!/bin/sh\n${script}\n`);
    chmodSync(jit, 0o755);
  }
  writeFileSync(
    join(folder, 'dispatch.toml'),
    '[tracker]\ncommand = "./fake-jit"\ntimeout_secs = 2\n[[agents]]\nid = "a"\ncommand = "true"\n',
  );
  return async (...argv: string[]) => {
    const done = await runBundle('jit-dispatch', [...argv, '--json'], { cwd: folder });
    return { ...done, document: JSON.parse(done.stdout), folder };
  };
}

const answers = (facts: { where?: string; ready?: string; batch?: string }) => `
case "$1" in
  where) ${facts.where ?? `echo '{"dir":"'$PWD'/.jit"}'`} ;;
  query) ${facts.ready ?? `echo '${JSON.stringify([ISSUE])}'`} ;;
  batch) cat > /dev/null; ${facts.batch ?? `echo '${LISTED}'`} ;;
esac`;

test('a tracker that answers is listened to', async () => {
  const { exit, document } = await withJit(answers({}))('once', '--dry-run');
  expect(exit).toBe(0);
  expect(document).toMatchObject({ ready: 1, decisions: [{ issue: 'i1', action: 'start' }] });
});

test('fields that a newer jit adds are no reason to stop', async () => {
  const newer = JSON.stringify([{ ...ISSUE, weight: 3 }]);
  const { exit } = await withJit(answers({ ready: `echo '${newer}'` }))('once', '--dry-run');
  expect(exit).toBe(0);
});

test('what is to be tried by hand is about the repository that was named', async () => {
  const gone = `echo '{"error":{"code":"NOT_FOUND","message":"gone","retryable":false}}'; exit 3`;
  const { exit, document } = await withJit(answers({ where: gone }))('once', '--dir', '/no where');
  expect(exit).toBe(10);
  expect(document.error.hint).toBe("see `jit where --json --dir '/no where'`");
});

describe('an error state that says what was printed, never "no work"', () => {
  const half = JSON.stringify([ISSUE]).slice(0, 40);
  test.each([
    ['a program that does not exist', null, 'TRACKER_NOT_FOUND', 'fake-jit'],
    [
      'something else than JSON',
      answers({ ready: 'echo "Welcome to jit!"' }),
      'TRACKER_GARBAGE',
      'Welcome to jit!',
    ],
    ['nothing', answers({ ready: 'true' }), 'TRACKER_GARBAGE', 'nothing'],
    [
      'half a document',
      answers({ ready: `echo '${half}'` }),
      'TRACKER_GARBAGE',
      '[{\\"id\\":\\"i1\\"',
    ],
    [
      'noise before the document',
      answers({ ready: "echo warn; echo '[]'" }),
      'TRACKER_GARBAGE',
      'warn',
    ],
    ['JSON of another shape', answers({ ready: 'echo \'[{"id":1}]\'' }), 'TRACKER_GARBAGE', '0.id'],
    [
      'an object instead of a list',
      answers({ ready: "echo '{}'" }),
      'TRACKER_GARBAGE',
      'another shape',
    ],
    [
      'a failure in its own words',
      answers({
        ready:
          'echo \'{"error":{"code":"STORE_BROKEN","message":"the index is gone","hint":null,"retryable":false,"details":{}}}\'; exit 10',
      }),
      'TRACKER_FAILED',
      'the index is gone',
    ],
    [
      'a failure on stderr',
      answers({ ready: 'echo "segmentation fault" >&2; exit 139' }),
      'TRACKER_FAILED',
      'segmentation fault',
    ],
    ['garbage from batch', answers({ batch: 'echo oops' }), 'TRACKER_GARBAGE', 'oops'],
    ['no end', answers({ ready: 'exec sleep 60' }), 'TRACKER_TIMEOUT', 'within 2 s'],
  ])('%s', async (_, script, code, words) => {
    for (const argv of [['once'], ['once', '--dry-run']]) {
      const { exit, document } = await withJit(script)(...argv);
      expect(document.error).toMatchObject({ code });
      expect(document.error.message).toContain(words);
      expect(exit).toBe(10);
    }
  });

  test('status shows it and the rest', async () => {
    const { exit, document } = await withJit(answers({ ready: 'echo oops' }))('status');
    expect(exit).toBe(10);
    expect(document).toMatchObject({ tracker: { ok: false, ready: null }, agents: [{ id: 'a' }] });
    expect(document.tracker.error).toContain('oops');
  });
});

test('a claim whose answer was cut off is asked again with the same token', async () => {
  const claimed = JSON.stringify({ exit: 0, result: { ...ISSUE, state: 'in_progress' } });
  const run = withJit(
    answers({
      batch: `if [ -e second ]; then echo '${LISTED}' | head -c 9; elif [ -e first ]; then touch second; echo '${claimed}' | head -c 30; else touch first; echo '${LISTED}'; fi`,
    }),
  );
  const { exit, document, folder } = await run('once');
  expect(exit).toBe(10);
  expect(document.error.code).toBe('TRACKER_GARBAGE');
  expect(existsSync(join(folder, 'second'))).toBe(true);
  const { document: runs } = await run('runs');
  expect(runs).toMatchObject([{ issue: 'i1', state: 'created', attempt: null }]);
});

test('a dry run writes nothing', async () => {
  const { folder } = await withJit(answers({}))('once', '--dry-run');
  expect(existsSync(join(folder, '.jit-dispatch'))).toBe(false);
});
