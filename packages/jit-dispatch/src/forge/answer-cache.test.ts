import { expect, test } from 'vitest';
import { createAnswerCache } from './answer-cache.ts';

const answer = (text: string, etag: string | null = '"1"', status = 200) => ({
  status,
  headers: new Headers(etag === null ? {} : { etag }),
  text,
});

test('only answers with an ETag are kept, and one without takes the place of the one before', () => {
  const cache = createAnswerCache();
  cache.keep('a', answer('text', null));
  cache.keep('b', answer('text', '"1"', 404));
  expect([cache.find('a'), cache.find('b')]).toEqual([null, null]);
  cache.keep('a', answer('text'));
  expect(cache.find('a')).toMatchObject({ etag: '"1"', answer: { text: 'text' } });
  cache.keep('a', answer('other', null));
  expect(cache.find('a')).toBeNull();
});

test('there is room for so much; what was not used for longest goes first', () => {
  const cache = createAnswerCache(10);
  cache.keep('a', answer('xxxx'));
  cache.keep('b', answer('xxxx'));
  cache.find('a');
  cache.keep('c', answer('xxxx'));
  expect(['a', 'b', 'c'].map((url) => cache.find(url) !== null)).toEqual([true, false, true]);
  cache.keep('d', answer('x'.repeat(11)));
  expect(['a', 'c', 'd'].map((url) => cache.find(url) !== null)).toEqual([false, false, false]);
  cache.keep('e', answer('x'.repeat(10)));
  expect(cache.find('e')).not.toBeNull();
});
