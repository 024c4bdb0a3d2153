import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSearch, scoreOf, tokensOf } from './search.ts';

const texts = (title: string, body = '', comment = '') => ({
  id: ['7kq2m9xw4d'],
  title: [title],
  labels: ['epic:auth'],
  body: [body],
  comments: [comment],
});

const score = (search: string, ...parts: [string, string?, string?]) =>
  scoreOf(parseSearch(search), texts(...parts));

describe('the words of a search', () => {
  test('have no case, no accents and nothing but letters and digits', () => {
    expect(tokensOf('Größe, ÇA-va?\n"x_y" Ⅷ')).toEqual(['große', 'ca', 'va', 'x', 'y', 'viii']);
    expect(tokensOf('日本語 test')).toEqual(['日', '本', '語', 'test']);
  });

  test('match as wholes, the last one also at its beginning, quoted ones as a phrase', () => {
    expect(score('parse', 'Implement parser')).not.toBeNull();
    expect(score('parse fast', 'fast parser')).toBeNull();
    expect(score('fast parse', 'parser, fast')).not.toBeNull();
    expect(score('"fast parse"', 'fast parser')).toBeNull();
    expect(score('"fast parser"', 'a fast parser')).not.toBeNull();
    expect(score('"fast parser"', 'parser fast', 'fast')).toBeNull();
    expect(score('本語', '日本語')).not.toBeNull();
    expect(score('語本', '日本語')).toBeNull();
    expect(score('epic:auth', 'x')).not.toBeNull();
    expect(score('auth:epic', 'x')).toBeNull();
  });

  test('count most in the id, then title, labels, text and comments; a whole word more than a beginning', () => {
    const scores = [
      score('7kq2m9xw4d', 'x'),
      score('7kq2', 'x'),
      score('word', 'word'),
      score('auth', 'x'),
      score('word', 'x', 'word'),
      score('word', 'x', '', 'word'),
      score('wor', 'x', '', 'word'),
    ];
    expect(scores).toEqual([32, 16, 16, 8, 4, 2, 1]);
  });

  test('are never syntax: any text gives words of letters and digits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        for (const { tokens } of parseSearch(text)) {
          expect(tokens.length).toBeGreaterThan(0);
          for (const token of tokens) expect(token).toMatch(/^[\p{L}\p{N}]+$/u);
        }
      }),
    );
  });

  test('find every text by each of its own words, and by each beginning', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (text, pick) => {
        const tokens = tokensOf(text);
        const token = tokens[pick % Math.max(1, tokens.length)];
        if (token === undefined) return;
        expect(score(token, text)).not.toBeNull();
        expect(score([...token].slice(0, 2).join(''), text)).not.toBeNull();
      }),
    );
  });
});
