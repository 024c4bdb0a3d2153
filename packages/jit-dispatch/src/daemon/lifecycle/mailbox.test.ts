import { expect, test } from 'vitest';
import { systemTimers } from '../../timers.ts';
import { createMailbox } from './mailbox.ts';

const LONG_MS = 60_000;

test('word that came earlier is there at once, all of it', async () => {
  const mailbox = createMailbox(systemTimers);
  mailbox.post('changed');
  mailbox.post('run-ended');
  expect(await mailbox.next(LONG_MS)).toEqual(['changed', 'run-ended']);
});

test('a wait ends with the first word', async () => {
  const mailbox = createMailbox(systemTimers);
  const next = mailbox.next(LONG_MS);
  mailbox.post('stop');
  expect(await next).toEqual(['stop']);
});

test('a wait ends by itself when nothing comes', async () => {
  expect(await createMailbox(systemTimers).next(1)).toEqual([]);
});
