import { JitError } from '@jit/contract/errors';
import type { StopOutput } from '@jit/contract/outputs/control';
import { defineCommand } from '../context.ts';
import { type Holder, readHolder } from '../daemon/lifecycle/instance-lock.ts';
import { delay, uptimeMs } from '../keeper/clock.ts';
import { isAlive } from '../keeper/identity.ts';
import { signalProcess } from '../keeper/signal-process.ts';

const POLL_MS = 50;

export const stop = defineCommand({
  path: 'stop',
  summary: 'Ask the running dispatcher to stop, and wait until it has',
  description:
    'It starts nothing more and waits for its agents (drain_secs). With --now it stops them; that is no failure of theirs. Only the process that holds the lock of this name is signalled.',
  examples: [
    { argv: 'stop', does: 'waits for its agents' },
    { argv: 'stop --now', does: 'stops them too' },
  ],
  options: {
    now: { type: 'boolean', describe: 'stop its agents too' },
    timeout: {
      type: 'number',
      min: 0,
      placeholder: 'SECS',
      describe: 'wait at most SECS (default: as long as it takes); it goes on stopping',
    },
  },
  output: 'Stop',
  exits: ['3 NOT_RUNNING: no dispatcher of this name runs', '75 it has not stopped in time'],
  async run(context, { now, timeout }): Promise<StopOutput> {
    const holder = readHolder(context.folder);
    if (holder?.command !== 'start') throw notRunning(context.name, holder);
    const deadline = timeout === undefined ? Number.POSITIVE_INFINITY : uptimeMs() + timeout * 1000;
    // A second SIGTERM stops its agents: asked twice without --now, it goes on waiting for them.
    const [site] = context.sites;
    const ledger = site === undefined ? null : await context.readLedger(site);
    const mark = `${holder.pid} ${holder.start_time} ${holder.boot_id}`;
    if (ledger?.getMeta('stop_asked') !== mark) signalProcess(holder, 'SIGTERM');
    ledger?.setMeta('stop_asked', mark);
    if (now) await secondSignal(holder, deadline);
    while (isAlive(holder) && uptimeMs() < deadline) await delay(POLL_MS);
    const { pid, since } = holder;
    return { pid, since, stopped: !isAlive(holder), now };
  },
  render: ({ pid, stopped }) =>
    stopped ? `stopped (pid ${pid})` : `pid ${pid} still stops; --now stops its agents too`,
  exit: ({ stopped }) => (stopped ? null : 'lock_timeout'),
});

/** Two signals at once count as one: the second goes when the first was surely taken. */
const BETWEEN_MS = 500;

async function secondSignal(holder: Holder, deadline: number): Promise<void> {
  const due = Math.min(deadline, uptimeMs() + BETWEEN_MS);
  while (isAlive(holder) && uptimeMs() < due) await delay(POLL_MS);
  signalProcess(holder, 'SIGTERM');
}

function notRunning(name: string, holder: Holder | null): JitError {
  return new JitError('not_found', 'NOT_RUNNING', `no dispatcher ${name} runs`, {
    hint:
      holder === null
        ? 'agents may run all the same: see jit-dispatch status; is --name right?'
        : `a \`${holder.command}\` does (pid ${holder.pid}), which ends by itself`,
    details: { name },
  });
}
