import type { PullRequestConfig } from '../../config/pull-request.ts';
import type { Forge } from '../../forge/forge.ts';
import type { Pull, PullChange } from '../../ledger/pulls.ts';
import { afterFailure } from '../../planning/judge-pull.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { openPull } from './open-pull.ts';
import { failureOf } from './pull-problem.ts';
import { sendBranch } from './send-branch.ts';
import { commentFailure, linkPull } from './tell-tracker.ts';

/** What one pull request is brought further with. */
export interface PullTools {
  readonly pullRequest: PullRequestConfig;
  readonly openForge: () => Promise<Forge>;
  /** Ends a push and every request. */
  readonly signal: AbortSignal;
}

/**
 * Brings the pull request of a run as far as it gets: pushed, opened, told to the tracker. Begun anew at the
 * state in the ledger, whoever died; what fails is tried again later, or given up. Never throws for what is
 * refused outside.
 */
export async function advancePull(
  dispatcher: Dispatcher,
  run: string,
  tools: PullTools,
): Promise<void> {
  const { ledger } = dispatcher;
  try {
    let before: Pull | null = null;
    for (;;) {
      const pull = ledger.pull(run);
      if (pull === null || pull.ended_at !== null || tools.signal.aborted) return;
      // It has not got any further.
      if (before !== null && before.state === pull.state) return;
      before = pull;
      await goOn(dispatcher, pull, tools);
    }
  } catch (error) {
    const failure = failureOf(error);
    if (!tools.signal.aborted) noteFailure(dispatcher, run, failure);
  }
}

/** One step, by the state. */
async function goOn(dispatcher: Dispatcher, pull: Pull, tools: PullTools): Promise<void> {
  const { ledger, step, now } = dispatcher;
  const { run, state } = pull;
  const end = (change: PullChange): void =>
    ledger.changePull(run, { ...change, next_try_at: null, ended_at: now().toISOString() });
  switch (state) {
    case 'queued':
    case 'pushing': {
      const commit = await sendBranch(dispatcher, pull, tools);
      if (commit === null) return end({ state: 'nothing_to_merge', error: null });
      ledger.changePull(run, { state: 'pushed' });
      return step('pull_pushed');
    }
    case 'pushed':
    case 'opening':
      return await openOne(dispatcher, pull, { ...tools, end });
    case 'opened':
      await linkPull(dispatcher, pull);
      end({ state: 'linked', error: null });
      return step('pull_linked');
    case 'failed':
      await commentFailure(dispatcher, pull);
      // Unless somebody asked meanwhile that it is tried again.
      return ledger.together(() => {
        if (ledger.pull(run)?.state === 'failed') end({});
      });
    case 'linked':
    case 'closed':
    case 'nothing_to_merge':
      return end({});
  }
}

async function openOne(
  dispatcher: Dispatcher,
  pull: Pull,
  { pullRequest, openForge, end }: PullTools & { readonly end: (change: PullChange) => void },
): Promise<void> {
  const { ledger, log, now, step } = dispatcher;
  const { run, issue, head } = pull;
  const forge = await openForge();
  const opened = await openPull(dispatcher, pull, { commit: head ?? '', forge, pullRequest });
  if (opened.is === 'none') return end({ state: 'nothing_to_merge', error: null });
  const { number, url } = opened.pull;
  if (opened.is === 'closed') {
    const error = `pull request ${number} of this work was closed without a merge`;
    log({ level: 'warn', event: 'pull_request', message: error, issue, run });
    return end({ state: 'closed', number, url, error });
  }
  const what = `pull request ${number}, ${opened.pull.state}: ${url}`;
  ledger.recordPull(
    run,
    {
      type: 'pull_request_opened',
      at: now().toISOString(),
      data: { number, url, reason: opened.pull.state, detail: what },
    },
    { state: 'opened', number, url, error: null, tries: 0, next_try_at: null },
  );
  step('pull_opened');
  log({ level: 'info', event: 'pull_request', message: what, issue, run });
}

function noteFailure(
  { ledger, log, now, random }: Dispatcher,
  run: string,
  failure: ReturnType<typeof failureOf>,
): void {
  const pull = ledger.pull(run);
  if (pull === null || pull.ended_at !== null) return;
  const { message } = failure;
  const next = afterFailure(failure, pull.tries, { now: now().getTime(), random: random() });
  // Why it was given up stays, whatever the tracker says.
  const error = pull.state === 'failed' ? pull.error : message;
  const facts = { error, tries: next.tries };
  const say = (text: string): void =>
    log({ level: 'warn', event: 'pull_request', message: text, issue: pull.issue, run });
  if (next.do === 'wait') {
    ledger.changePull(run, { ...facts, next_try_at: next.until.toISOString() });
    // The same words are not repeated with each try.
    if (message !== pull.error) say(`no pull request yet: ${message}`);
    return;
  }
  // There is one, or it was given up already: only the tracker was not told.
  if (pull.state === 'opened' || pull.state === 'failed') {
    ledger.changePull(run, { ...facts, next_try_at: null, ended_at: now().toISOString() });
    say(`the tracker was not told of the pull request: ${message}`);
    return;
  }
  ledger.recordPull(
    run,
    {
      type: 'pull_request_failed',
      at: now().toISOString(),
      data: { reason: 'given_up', detail: message, tries: next.tries },
    },
    { error, state: 'failed', tries: 0, next_try_at: null },
  );
  say(`no pull request, given up: ${message}`);
}
