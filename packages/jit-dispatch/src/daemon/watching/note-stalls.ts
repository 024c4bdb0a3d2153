import type { RecordType } from '../../ledger/record-types.ts';
import type { Run } from '../../ledger/run.ts';
import type { StallRecord, StallStage } from '../../run-records.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { tellHook } from '../escalation/run-hook.ts';

/** What was noted of live runs: asked of the ledger only when something changed. */
const seen = new WeakMap<Dispatcher, Map<string, string>>();

/**
 * Notes how far the silence of running agents has got, as their keepers see it: each stage of one silence
 * is journalled once, also over restarts, then said, and from the second on the hook is told.
 */
export function noteStalls(dispatcher: Dispatcher): void {
  const before = seen.get(dispatcher) ?? new Map<string, string>();
  const now = new Map<string, string>();
  seen.set(dispatcher, now);
  for (const run of dispatcher.ledger.liveRuns()) {
    const stall = run.state === 'running' ? dispatcher.host.stall(run.run) : null;
    if (stall === null) continue;
    const word = `${stall.stage} ${stall.silent_since}`;
    now.set(run.run, word);
    const last = before.get(run.run);
    if (last === word) continue;
    if (stall.stage === 'none') {
      if (last !== undefined) say(dispatcher, run, 'info', 'is back: it gave a sign of life');
    } else noteStages(dispatcher, run, stall);
  }
}

const STAGES: readonly { stage: StallStage; type: RecordType }[] = [
  { stage: 'warned', type: 'stall_warned' },
  { stage: 'notified', type: 'stall_notified' },
];

/** Notes the stages up to the one that was reached, as far as they are configured and not noted yet. */
function noteStages(dispatcher: Dispatcher, run: Run, { stage, silent_since }: StallRecord): void {
  const reached = STAGES.findIndex((each) => each.stage === stage);
  const { ledger, now } = dispatcher;
  for (const [index, { type }] of STAGES.entries()) {
    const isOver = reached < 0 || index <= reached;
    const isOn = (index === reached || limitOf(dispatcher, run, type) > 0) && isOver;
    if (!isOn || isNoted(dispatcher, run, type, silent_since)) continue;
    ledger.record(run.run, { type, at: now().toISOString(), data: { silent_since } });
    const detail = `no sign of life since ${silent_since}`;
    say(dispatcher, run, 'warn', detail, type);
    if (type === 'stall_notified') tell(dispatcher, run, detail);
  }
}

function limitOf({ host }: Dispatcher, { run }: Run, type: RecordType): number {
  const stall = host.spec(run)?.stall;
  return (type === 'stall_warned' ? stall?.warn_secs : stall?.notify_secs) ?? 0;
}

function isNoted({ ledger }: Dispatcher, { run }: Run, type: RecordType, since: string): boolean {
  return ledger
    .recordsOf(run, type)
    .some(({ data }) => (data as { silent_since?: unknown } | null)?.silent_since === since);
}

function say(
  { log }: Dispatcher,
  { run, issue, agent }: Run,
  level: 'info' | 'warn',
  message: string,
  reason?: RecordType,
): void {
  log({ level, event: 'silent', message, issue, agent, run, ...(reason && { reason }) });
}

function tell(dispatcher: Dispatcher, { run, issue, title, agent }: Run, detail: string): void {
  const at = dispatcher.now().toISOString();
  tellHook(dispatcher, {
    event: 'stall_notified',
    issue,
    title,
    run,
    agent,
    reason: 'silent',
    detail,
    at,
  });
}
