import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, onTestFinished, test } from 'vitest';
import type { Classification } from './classifications.ts';
import { openLedger } from './ledger.ts';

const told = (content: string, facts: Partial<Classification> = {}): Classification => ({
  content,
  class: 'ai',
  confidence: 0.9,
  detail: 'clear',
  failed: null,
  at: '2026-11-20T10:00:00.000Z',
  ...facts,
});
const failed = { class: null, confidence: null, detail: null, failed: 'ended with exit 1' };

test('what was said of a content is found by the next process, until something else is said', () => {
  const file = join(tempFolder(), 'ledger.db');
  const first = openLedger(file);
  first.keepClassification(told('a', failed));
  first.keepClassification(told('b', { class: 'hybrid' }));
  first.keepClassification(told('a', { class: 'human' }));
  first.close();
  const ledger = openLedger(file);
  onTestFinished(() => ledger.close());
  expect(ledger.classifications(['b', 'a', 'unknown'])).toEqual([
    told('a', { class: 'human' }),
    told('b', { class: 'hybrid' }),
  ]);
  ledger.keepClassification(told('b', failed));
  expect(ledger.classifications(['b'])).toEqual([told('b', failed)]);
  expect(ledger.classifications([])).toEqual([]);
});

test('only what was said before a time is forgotten', () => {
  const ledger = openLedger(join(tempFolder(), 'ledger.db'));
  onTestFinished(() => ledger.close());
  ledger.keepClassification(told('old', { at: '2026-11-01T10:00:00.000Z' }));
  ledger.keepClassification(told('new'));
  ledger.forgetClassifications('2026-11-20T10:00:00.000Z');
  expect(ledger.classifications(['old', 'new']).map(({ content }) => content)).toEqual(['new']);
});
