import { expect, test } from 'vitest';
import { looksSecret, secretsOf } from './secrets.ts';

test('a name looks secret by a whole word', () => {
  for (const name of ['GITHUB_TOKEN', 'api_key', 'AWS_SECRET_ACCESS_KEY', 'DB_PASSWORD', 'X-Auth'])
    expect(looksSecret(name), name).toBe(true);
  for (const name of ['PATH', 'MONKEY', 'TOKENIZERS', 'GIT_AUTHOR_NAME', 'JIT_ISSUE_ID'])
    expect(looksSecret(name), name).toBe(false);
});

test('the token, what looks secret and is long enough, and what is named', () => {
  const given = { API_KEY: 'abcdefgh\n', SHORT_KEY: 'abc', PIN: '1234', HOME: '/home/somebody' };
  const environment = { ...given, ADDRESS: 'db://somewhere', OTHER_TOKEN: 'not given to it' };
  expect(
    secretsOf({ token: 'claim', named: ['PIN', 'ADDRESS', 'ABSENT'], given, environment }),
  ).toEqual(['claim', 'abcdefgh', '1234', 'db://somewhere']);
});
