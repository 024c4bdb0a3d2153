import { createStyle } from '@jit/cli-kit/style';
import { expect, test } from 'vitest';
import { oneLine } from './one-line.ts';
import { renderRuns } from './render-runs.ts';

const NASTY = 'a\u001b[31m\u009b2J\u007f\u202eb\u2066c\nd';
const FAMILY = '👩‍👩‍👧 ünïcode';

test('controls and what turns the direction of text are gone, everything else stays', () => {
  expect(oneLine(NASTY)).toBe('a [31m 2J b c d');
  expect(oneLine(FAMILY)).toBe(FAMILY);
});

test('a table of runs is printed without them', async () => {
  const style = await createStyle({ colour: false, columns: 80, isTty: false });
  const table = await renderRuns(
    [
      {
        repository: null,
        run: 'r1',
        issue: 'i1',
        title: NASTY,
        agent: 'a',
        state: 'lost',
        attempt: 1,
        reason: 'X',
        detail: NASTY,
        failed: null,
        exit_code: null,
        signal: null,
        pid: null,
        log: null,
        pull_request: null,
        stall: null,
        silent_since: null,
        created_at: '2026-11-20T10:00:00.000Z',
        started_at: null,
        ended_at: null,
      },
    ],
    style,
  );
  expect(table).toBe('r1\tlost\ta\ti1\ta [31m 2J b c d\tX: a [31m 2J b c d');
});
