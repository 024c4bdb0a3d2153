import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, it } from 'vitest';

const TITLES: Readonly<Record<string, string>> = {
  aaaa: 'plain',
  bbbb: 'two\nlines\tand\ttabs',
  cccc: '\u001b[2J\u001b]0;owned\u0007 red',
  dddd: '"quoted" \\n & <b> 🙂 \u202eRTL שלום',
};

/** A tracker whose issues wait for each other in a row. */
async function hostileTracker(): Promise<string> {
  const cwd = tempFolder();
  await runBundle('jit', ['init'], { cwd });
  const ids = Object.keys(TITLES);
  for (const [at, id] of ids.entries()) {
    const dependencies = ids.slice(at + 1, at + 2);
    const fields = { state: 'open', priority: 'low', created_at: '2026-01-01T00:00:00Z' };
    const text = JSON.stringify({
      schema: 1,
      id,
      title: TITLES[id],
      dependencies,
      labels: ['epic:\u001b[31mx'],
      ...fields,
    });
    writeFileSync(join(cwd, '.jit', 'issues', `${id}.json`), text);
  }
  return cwd;
}

it('titles from outside stay on their line and command no terminal', async () => {
  const cwd = await hostileTracker();
  const calls = [
    'graph show',
    'graph downstream dddd',
    'graph roots',
    'graph critical-path',
    'graph export',
    'graph export --format mermaid',
    'issue explain aaaa',
    'issue search red',
    'status',
    '__complete zsh :issue :show :',
  ];
  for (const call of calls) {
    for (const env of [{ NO_COLOR: '1' }, { JIT_FORCE_TTY: '80', NO_COLOR: '1' }]) {
      const ended = await runBundle('jit', call.split(' '), {
        cwd,
        env: env as Record<string, string>,
      });
      expect([call, ended.exit, ended.stderr]).toEqual([call, 0, '']);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
      expect([call, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/.exec(ended.stdout)]).toEqual([
        call,
        null,
      ]);
    }
  }
  const { stdout } = await runBundle('jit', ['graph', 'show'], {
    cwd,
    env: { JIT_FORCE_TTY: '80', NO_COLOR: '1' },
  });
  expect(stdout.split('\n')).toEqual([
    'aaaa open plain',
    '└─ bbbb open two lines and tabs',
    '   └─ cccc open [2J ]0;owned  red',
    '      └─ dddd ready "quoted" \\n & <b> 🙂 RTL שלום',
    '',
  ]);
  console.log(`hostile titles: ${calls.length} commands, each in a pipe and on a terminal`);
});

it('an explanation reads like this', async () => {
  const cwd = await hostileTracker();
  const { stdout } = await runBundle('jit', ['issue', 'explain', 'bbbb'], { cwd });
  expect(stdout.split('\n')).toEqual([
    'two lines and tabs',
    'bbbb is not ready: it waits for cccc (open)',
    '',
    'It waits for',
    '  cccc open [2J ]0;owned  red',
    '  dddd ready "quoted" \\n & <b> 🙂 RTL שלום',
    '',
    'What would change that',
    '- dddd is ready, nobody has claimed it',
    '    next: jit issue claim dddd ASSIGNEE',
    '    by way of bbbb → cccc → dddd',
    '',
  ]);
});
