import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { isAlive } from '../src/keeper/identity.ts';
import { openLedger } from '../src/ledger/ledger.ts';
import type { RecordType } from '../src/ledger/record-types.ts';
import { startGithub } from './forge/github-server.ts';
import { PULL_TABLES, serveRemote, writeToken } from './pull-requests.ts';
import type { Repository } from './repository.ts';
import { end, readRun, runFolders } from './run-folders.ts';
import { until } from './until.ts';
import { makeGit } from './worktrees.ts';

/**
 * How a record of one type comes about. Two issues are ready, one agent `a` (capacity 2, completion
 * "exit") gets both. To add a type: a line here. Say what the agent does when it is started first
 * (later it succeeds at once), which configuration it needs, and what happens `between` the cycles
 * until a cycle writes the record. The test does the rest, and holds all of them to one set of rules.
 */
export interface Scenario {
  /** What the agent does, in sh; its exit code is the agent's. */
  readonly work: string;
  /** Top-level keys and tables of dispatch.toml. */
  readonly head?: string;
  /** More keys of the agent. */
  readonly agent?: string;
  /** What both issues are created with. */
  readonly issue?: readonly string[];
  /** Before the issues are created. */
  readonly before?: (repository: Repository) => Promise<void>;
  /** Before each cycle, until the record is there. */
  readonly between?: (repository: Repository) => Promise<void>;
  /** Once the record is there and something was killed, before work goes on. */
  readonly after?: (repository: Repository) => void;
}

const DONE = 'exit 0';
const COMMIT =
  'cd "$JIT_WORKSPACE" && echo x > result && git add result && git commit --quiet -m Work';
const HANG = 'exec sleep 300';
const WAIT = 'while [ ! -e go ]; do sleep 0.1; done';
const go = ({ root }: Repository): void => writeFileSync(join(root, 'go'), '');

const SOON = '[retry]\nattempts_per_agent = 1\nfirst_secs = 0';

export const SCENARIOS: Readonly<Record<RecordType, Scenario>> = {
  created: { work: DONE },
  dispatched: { work: DONE },
  not_prepared: {
    work: DONE,
    // A place where nobody can make a folder.
    between: async (repository) => {
      const runs = runsFolder(repository);
      if (existsSync(runs)) return;
      mkdirSync(join(runs, '..'), { recursive: true });
      symlinkSync('/sys/kernel', runs);
    },
    after: (repository) => {
      unlinkSync(runsFolder(repository));
      mkdirSync(runsFolder(repository));
    },
  },
  running: { work: DONE },
  adopted: { work: WAIT, after: go },
  stopping: {
    work: HANG,
    between: (repository) => whenRunning(repository, () => takeBack(repository)),
  },
  swept: {
    work: DONE,
    between: async (repository) => {
      const ended = await repository.runs('--all');
      const [run] = ended.filter(({ ended_at }) => ended_at !== null);
      if (run !== undefined) leaveProcess(repository, run.run);
    },
  },
  found: {
    work: WAIT,
    between: (repository) =>
      whenRunning(repository, () =>
        writeFileSync(join(runsFolder(repository), '../ledger.db'), 'no ledger '.repeat(900)),
      ),
    after: go,
  },
  stall_warned: { work: WAIT, head: silence('warn_secs'), after: go },
  stall_notified: { work: WAIT, head: silence('notify_secs'), after: go },
  gating: {
    work: DONE,
    issue: ['--gate', 'tests'],
    before: async (repository) => {
      await repository.jit(['gate', 'define', 'tests', '--stage', 'done', '--command', 'true']);
    },
  },
  account_paused: { work: 'exit 75', head: '[rate_limit]\npause_secs = 1' },
  settling: { work: DONE },
  completed: { work: DONE },
  failed: { work: 'exit 3' },
  timed_out: { work: HANG, agent: 'time_limit_secs = 1' },
  stalled: { work: HANG, head: silence('stop_secs') },
  canceled: {
    work: HANG,
    between: (repository) => whenRunning(repository, (folder) => endKeeper(folder, 'SIGTERM')),
  },
  lost: {
    work: HANG,
    between: (repository) => whenRunning(repository, (folder) => endKeeper(folder, 'SIGKILL')),
  },
  escalating: { work: 'exit 3', head: SOON },
  escalated: { work: 'exit 3', head: SOON },
  pull_request_queued: { work: COMMIT, ...withPulls() },
  pull_request_opened: { work: COMMIT, ...withPulls() },
  pull_request_failed: { work: COMMIT, ...withPulls({ isRefused: true }) },
  removing_workspace: { work: DONE, head: '[workspace]\nkind = "dir"' },
  notified: { work: 'exit 3', head: `${SOON}\n[escalation]\nhook = ["true"]` },
  ordered: {
    work: HANG,
    between: (repository) => whenRunning(repository, (folder) => orderAnew(repository, folder)),
  },
  order_ended: {
    work: HANG,
    between: (repository) => whenRunning(repository, (folder) => orderAnew(repository, folder)),
  },
};

/** A git repository whose runs become pull requests, on a forge that may refuse each of them. */
function withPulls({ isRefused = false } = {}): Pick<Scenario, 'head' | 'before'> {
  return {
    head: `${PULL_TABLES}\n[github]\nrepository = "acme/anvil"\ntoken_file = "forge.token"\nurl = "URL"`,
    async before(repository) {
      const remote = makeGit(repository.root);
      const server = await startGithub();
      serveRemote(server.repository, remote);
      repository.reconfigure((text) => text.replace('url = "URL"', `url = "${server.url}"`));
      writeToken(repository.root);
      if (isRefused)
        server.fault({
          does: 'answer',
          answer: { status: 422, body: { message: 'Validation Failed' } },
          when: ({ method, path }) => method === 'POST' && path.endsWith('/pulls'),
        });
    },
  };
}

/** One limit of silence, a second long. */
function silence(limit: 'warn_secs' | 'notify_secs' | 'stop_secs'): string {
  const all = { startup_grace_secs: 0, warn_secs: 0, notify_secs: 0, stop_secs: 0, [limit]: 1 };
  const lines = Object.entries(all).map(([key, value]) => `${key} = ${value}`);
  return ['[stall]', ...lines].join('\n');
}

function runsFolder({ root }: Repository): string {
  return join(root, '.jit-dispatch/test/runs');
}

/** Once: as soon as both agents run. */
async function whenRunning(
  { root }: Repository,
  act: (folder: string) => void | Promise<void>,
): Promise<void> {
  const mark = join(root, 'acted');
  const folders = runFolders(root).filter((each) => readRun(each, 'agent') !== null);
  if (folders.length < 2 || existsSync(mark)) return;
  writeFileSync(mark, '');
  for (const folder of folders) await act(folder);
}

async function endKeeper(folder: string, signal: NodeJS.Signals): Promise<void> {
  const keeper = readRun(folder, 'keeper');
  if (keeper === null || 'abandoned' in keeper || !isAlive(keeper)) return;
  process.kill(keeper.pid, signal);
  await until('the keeper ended', () => !isAlive(keeper));
}

/** A person orders that the issue of a run is begun anew. */
function orderAnew(repository: Repository, folder: string): void {
  const ledger = openLedger(join(runsFolder(repository), '../ledger.db'));
  try {
    const row = ledger.find(basename(folder));
    if (row === null) return;
    const { run, issue } = row;
    const at = new Date().toISOString();
    const order = { kind: 'reassign', agent: 'a', reason: 'anew', who: 'tester' } as const;
    ledger.giveOrder({ id: `order-${run}`, issue, run, at, ...order });
  } finally {
    ledger.close();
  }
}

/** A person takes the issues back and gives them free again. */
async function takeBack(repository: Repository): Promise<void> {
  for (const { id, claim } of await repository.issues())
    if (claim !== null)
      await repository.jit(['issue', 'release', id, '--override-claim', '--reason', 'mine']);
}

/** A process with the marker of a run, as a dead keeper of a dead dispatcher may leave it. */
function leaveProcess({ root }: Repository, run: string): void {
  const mark = join(root, `left-${basename(run)}`);
  if (existsSync(mark)) return;
  writeFileSync(mark, '');
  const env = { PATH: process.env.PATH, JIT_RUN_ID: run, JIT_TEST_ROOT: root };
  const child = spawn('sleep', ['300'], { env, detached: true, stdio: 'ignore' });
  onTestFinished(() => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      end(child.pid);
  });
}
