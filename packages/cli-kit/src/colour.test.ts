import { expect, test } from 'vitest';
import { type Env, wantsColour } from './colour.ts';

test.each<[string, Env, boolean, boolean | undefined, boolean]>([
  ['a terminal has colour', {}, true, undefined, true],
  ['a pipe has none', {}, false, undefined, false],
  ['a pipe has none on CI', { CI: '1' }, false, undefined, false],
  ['NO_COLOR takes it away', { NO_COLOR: '1' }, true, undefined, false],
  ['an empty NO_COLOR does not', { NO_COLOR: '' }, true, undefined, true],
  ['a dumb terminal has none', { TERM: 'dumb' }, true, undefined, false],
  ['FORCE_COLOR colours a pipe', { FORCE_COLOR: '1' }, false, undefined, true],
  ['FORCE_COLOR wins over NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, false, undefined, true],
  ['FORCE_COLOR=0 takes it away', { FORCE_COLOR: '0' }, true, undefined, false],
  ['--color wins over NO_COLOR', { NO_COLOR: '1' }, false, true, true],
  ['--no-color wins over FORCE_COLOR', { FORCE_COLOR: '1' }, true, false, false],
])('%s', (_, env, isTty, flag, wanted) => {
  expect(wantsColour(env, isTty, flag)).toBe(wanted);
});
