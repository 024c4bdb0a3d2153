import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { someRun } from '../../test/samples.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import { followEvents, parseCursor } from './event-tail.ts';

const NOW = () => new Date('2026-11-21T12:00:00.000Z');

function someLedger(): Ledger {
  const ledger = openLedger(join(tempFolder(), 'ledger.db'));
  onTestFinished(() => ledger.close());
  return ledger;
}

function add(ledger: Ledger, run: string, at = '2026-11-21T11:00:00.000Z'): void {
  ledger.create([someRun({ run, created_at: at })]);
}

const site = (repository: string, ledger: () => Ledger | null) => ({ repository, ledger });

test('whoever goes on after the last event that was seen misses none and sees none twice', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'b', 'look', 'resume'), { maxLength: 40 }),
      (steps) => {
        const ledgers = { a: someLedger(), b: someLedger() };
        const sites = [site('a', () => ledgers.a), site('b', () => ledgers.b)];
        let tail = followEvents(sites, null, NOW);
        let cursor = tail.cursor();
        const seen: string[] = [];
        const made: string[] = [];
        const look = () => {
          for (const { event, cursor: after } of tail.next()) {
            seen.push(`${event.repository} ${event.run}`);
            cursor = after;
          }
        };
        for (const [at, step] of steps.entries()) {
          if (step === 'look') look();
          else if (step === 'resume')
            tail = followEvents(sites, parseCursor(cursor, ['a', 'b']), NOW);
          else {
            add(ledgers[step as 'a' | 'b'], `r${at}`);
            made.push(`${step} r${at}`);
          }
        }
        look();
        expect([...seen].sort()).toEqual(made.sort());
      },
    ),
    { numRuns: 10 },
  );
});

describe('a reader gets a reset', () => {
  test('where records after its last one were pruned', () => {
    const ledger = someLedger();
    add(ledger, 'old', '2026-01-01T00:00:00.000Z');
    ledger.record(
      'old',
      { type: 'lost', at: '2026-01-01T00:00:00.000Z' },
      { ended_at: '2026-01-01T00:00:00.000Z' },
    );
    add(ledger, 'new');
    const sites = [site('', () => ledger)];
    const types = (since: string) =>
      followEvents(sites, parseCursor(since, ['']), NOW)
        .next()
        .map(({ event }) => event.type);
    expect(types('0')).toEqual(['created', 'lost', 'created']);
    ledger.prune('2026-06-01T00:00:00.000Z');
    expect(types('0')).toEqual(['reset', 'created']);
    expect(types('1')).toEqual(['reset', 'created']);
    expect(types('2')).toEqual(['created']);
  });

  test('where the ledger was made anew, under it or before it came back', () => {
    const before = someLedger();
    for (const run of ['1', '2', '3']) add(before, run);
    let ledger = before;
    const sites = [site('', () => ledger)];
    const tail = followEvents(sites, null, NOW);
    ledger = someLedger();
    add(ledger, '4');
    const shown = (events: ReturnType<typeof tail.next>) =>
      events.map(({ event: { type, id, data } }) => [type, id, type === 'reset' ? data : null]);
    const reason = { reason: 'ledger_made_anew' };
    expect(shown(tail.next())).toEqual([
      ['reset', '0', reason],
      ['created', '1', null],
    ]);
    const late = followEvents(sites, parseCursor('3', ['']), NOW);
    expect(shown(late.next())).toEqual([['reset', '1', reason]]);
  });
});

test('a token is in no event, whatever a record repeats', () => {
  const ledger = someLedger();
  add(ledger, 'r1');
  const tail = followEvents([site('', () => ledger)], null, NOW);
  const detail = `release --token ${someRun().token} failed`;
  ledger.record('r1', { type: 'lost', at: NOW().toISOString(), data: { detail } });
  expect(tail.next().map(({ event }) => event.data)).toEqual([
    { detail: 'release --token [token] failed' },
  ]);
});

test.each(['', 'x', '-1', 'web', 'web:', 'web:1,', 'other:1', '1e3', '12 13'])(
  '%j is no id of an event of web and hub',
  (text) => {
    expect(parseCursor(text, ['web', 'hub'])).toBeNull();
  },
);
