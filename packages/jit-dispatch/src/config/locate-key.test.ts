import { expect, test } from 'vitest';
import { keyName, locateKey } from './locate-key.ts';

const TEXT = `# comment = 1
watch = true
[tracker]
command = "jit"

[[agents]]
id = "a"
[[ agents ]]
  "id" = "b"
env = { X = "1" }
[agents.more]
deep.key = 1
`;

test.each([
  [['watch'], 2],
  [['tracker', 'command'], 4],
  [['agents', 0, 'id'], 7],
  [['agents', 1, 'id'], 9],
  [['agents', 1, 'env', 'X'], 10],
  [['agents', 1, 'command'], 8],
  [['agents', 1, 'more', 'deep', 'key'], 12],
  [['nothing'], null],
])('%s', (path, line) => {
  expect(locateKey(TEXT, path)).toBe(line);
});

test('a key is called as people would', () => {
  expect(keyName(['agents', 1, 'env', 'X'])).toBe('agents[1].env.X');
});
