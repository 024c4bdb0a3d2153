import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { someRun } from '../../../test/samples.ts';
import { type Ledger, openLedger } from '../../ledger/ledger.ts';
import type { Run } from '../../ledger/run.ts';
import type { Site } from '../../sites.ts';
import type { TrackerIssue } from '../../tracker/tracker.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { dispatchIssues } from './dispatch-issues.ts';

let folder = '';
let ledger: Ledger;
beforeEach(() => {
  folder = tempFolder();
  ledger = openLedger(join(folder, 'ledger.db'));
});
afterEach(() => ledger.close());

const RUN: Partial<Run> = { issue: 'i1abcdefgh', agent: 'a', state: 'running', attempt: 1 };
const begins = (facts: Partial<Run> = {}): void =>
  void ledger.create([someRun({ ...RUN, ...facts })]);

/** Asks for an issue that a watching dispatcher may take while this is looked up or admitted. */
async function dispatch(
  request: object,
  {
    issue = {},
    onShow = () => {},
    onAdmit = () => {},
  }: { issue?: Partial<TrackerIssue>; onShow?: () => void; onAdmit?: () => void },
) {
  const shown = { id: 'i1abcdefgh', state: 'ready', isClaimed: false, assignee: null, whole: {} };
  const tracker = {
    async call() {
      onShow();
      return [{ is: 'ok', issues: [{ ...shown, ...issue }] }];
    },
    async callTogether() {
      onAdmit();
      return [{ is: 'refused', exit: 4, code: 'CONDITION_NOT_MET', message: '', retryable: false }];
    },
  };
  const site = { folder, repository: '', config: null } as Site;
  const workbench = {
    config: { agents: [], choosing: { taskTypes: [] } },
    warn: () => {},
    agentNames: () => ['a', 'b'],
    folder,
    setup: { environment: { JIT_ACTOR: 'ana' } },
    sites: [site],
    now: () => new Date('2026-11-20T10:00:00.000Z'),
    locateTracker: async () => ({ tracker }),
    readLedger: async () => ledger,
  } as unknown as Workbench;
  const asked = [{ issue: 'i1abcdefgh', ...request }];
  const terms = { isTogether: false, waitSecs: 0, lockTimeoutMs: 0 };
  const [outcome] = (await dispatchIssues(workbench, asked, terms)).outcomes;
  return outcome?.result;
}

const TAKEN = { state: 'in_progress', isClaimed: true, assignee: 'a' } as const;
const STARTED = { is: 'started', run: 'r1', agent: 'a' };
const REFUSED = { is: 'refused', error: { code: 'ALREADY_DISPATCHED' } };

test('a run that began after the request came is what was asked for', async () => {
  expect(await dispatch({}, { issue: TAKEN, onShow: begins })).toMatchObject(STARTED);
});

test('the same if it begins while the issue is admitted', async () => {
  expect(await dispatch({ to: 'a' }, { onAdmit: begins })).toMatchObject(STARTED);
});

test('one that has come to its end by then, too', async () => {
  const ended = { state: 'completed', ended_at: '2026-11-20T10:00:01.000Z' } as const;
  const onShow = () => begins(ended);
  expect(await dispatch({}, { issue: { state: 'done' }, onShow })).toMatchObject(STARTED);
});

test('one of another agent is not, nor one that had begun before', async () => {
  expect(await dispatch({ to: 'b' }, { issue: TAKEN, onShow: begins })).toMatchObject(REFUSED);
  expect(await dispatch({}, { issue: TAKEN })).toMatchObject(REFUSED);
});

test.each([
  { class: 'human' },
  { exclude: ['b'] },
  { tokenBudget: 100 },
  { at: '2099-01-01T00:00:00Z' },
])('nor where %j was wished for, which it did not know', async (wish) => {
  expect(await dispatch(wish, { issue: TAKEN, onShow: begins })).toMatchObject(REFUSED);
});

test('nor one whose claim was refused', async () => {
  const onAdmit = () => begins({ state: 'lost', attempt: null });
  expect(await dispatch({}, { onAdmit })).toMatchObject(REFUSED);
});

test('an issue that is done is done, though its run is not settled yet', async () => {
  begins();
  const result = await dispatch({}, { issue: { state: 'done' } });
  const message = 'i1abcdefgh is done: nothing is left to do';
  expect(result).toMatchObject({ is: 'refused', error: { code: 'INVALID_REQUEST', message } });
});
