import { runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';

const FAMILY = '\u{1F468}\u200d\u{1F469}\u200d\u{1F467}';
const FILTER = `title:"🥛 ${FAMILY} e\u0301 牛" AND priority:hihg`;

test('a mistake behind emoji, accents and wide characters is pointed at as people count', async () => {
  const cwd = tempFolder();
  await runBundle('jit', ['init'], { cwd });
  const text = await runBundle('jit', ['query', 'ready', '--filter', FILTER], { cwd });
  expect(text).toMatchObject({ exit: 2, stdout: '' });
  // `title:"` 7, milk 1, space 1, family 1, space 1, é 1, space 1, ox 1, `" AND priority:` 15: the next is the 30th.
  const [message, expression, caret, hint] = text.stderr.split('\n');
  expect(message).toBe('error: --filter, character 30: "hihg" is no priority');
  expect(expression).toBe(`  ${FILTER}`);
  // On a terminal milk, family and ox are two columns wide, the accented letter one.
  expect(caret).toBe(`  ${' '.repeat(29 + 3)}^`);
  expect(hint).toBe("hint: did you mean 'high'?");
  const json = await runBundle('jit', ['issue', 'list', '--filter', FILTER, '--json'], { cwd });
  expect(json.exit).toBe(2);
  expect(JSON.parse(json.stdout).error.details).toEqual({
    position: 30,
    expression: FILTER,
    expected: ['critical', 'high', 'normal', 'low'],
    value: 'hihg',
    nearest: 'high',
  });
  console.log(
    `pointed at character ${JSON.parse(json.stdout).error.details.position} of:\n${text.stderr}`,
  );
});

test('jit help filter tells the fields, and help names the topic', async () => {
  const cwd = tempFolder();
  const { stdout } = await runBundle('jit', ['help', 'filter'], { cwd });
  for (const field of ['state', 'priority', 'label', 'gate', 'blocker', 'created']) {
    expect(stdout).toContain(`\n  ${field} `);
  }
  expect((await runBundle('jit', ['--help'], { cwd })).stdout).toContain('| filter');
});
