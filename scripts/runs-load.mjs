// Lets one daemon make many runs of an agent that ends at once: `node scripts/runs-load.mjs [--runs 10000]
// [--at-a-time 64]`. Prints how fast it was and what became of the daemon's memory and descriptors, and
// exits 1 if an issue was not done by exactly one run, if a process is left, or if the daemon holds more
// than it may.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { DISPATCH, JIT, openLoadPlace, pause, until } from './load-place.mjs';

/** Issues that are made in one write. A backlog of thousands would measure how lists are printed. */
const PORTION = 200;
const EARLY_RUNS = 1_000;
const PATIENCE_MS = 300_000;
/** Between the early look and the end, in MiB; and at any time. */
const MAX_GROWTH = 20;
const MAX_MEMORY = 150;
/** Descriptors: a watcher of the tracker may be opened late. */
const MAX_MORE_DESCRIPTORS = 2;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    'at-a-time': { type: 'string', default: '64' },
    'node-option': { type: 'string', multiple: true, default: [] },
  },
});
const RUNS = Number(values.runs);
const AT_A_TIME = Number(values['at-a-time']);

const { root, env, run } = openLoadPlace('load');

/** A daemon whose log is followed. */
function startDaemon() {
  const argv = [...values['node-option'], DISPATCH, 'start', '--log-format', 'json', '--json'];
  const child = spawn(process.execPath, argv, {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const daemon = { pid: child.pid, completed: 0, memory: [], others: [], isUp: false, summary: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    daemon.summary += text;
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    const entry = JSON.parse(line);
    if (entry.event === 'ready') daemon.isUp = true;
    else if (entry.event === 'completed') {
      daemon.completed += 1;
      if (daemon.completed % EARLY_RUNS === 0) daemon.memory.push(memoryOf(child.pid));
    }
    if (entry.level !== 'info') daemon.others.push(line);
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  daemon.stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  daemon.kill = () => child.kill('SIGKILL');
  return daemon;
}

/** Seconds of processor time that a process and the children it has waited for have used. */
function secondsUsed(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) / 100, 0);
}

/** Resident memory of a process in MiB. */
function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** What a process holds: memory, open descriptors, children. */
function holdingsOf(pid) {
  return {
    memory: memoryOf(pid),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    hasChildren: readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim() !== '',
  };
}

/** Looks when nothing is under way: the number of descriptors is the same several times in a row. */
async function quietHoldings(pid) {
  let same = 0;
  let last = holdingsOf(pid);
  while (same < 15) {
    await pause(20);
    const now = holdingsOf(pid);
    same = !now.hasChildren && now.descriptors === last.descriptors ? same + 1 : 0;
    last = now;
  }
  return last;
}

/** Makes so many issues, never many more than can be started, and waits until all are done. */
async function work(daemon, count) {
  const goal = daemon.completed + count;
  let patience = performance.now() + PATIENCE_MS;
  for (let made = goal - count, seen = 0; daemon.completed < goal; ) {
    if (daemon.completed > seen) patience = performance.now() + PATIENCE_MS;
    seen = daemon.completed;
    if (performance.now() > patience)
      throw new Error(`stuck after ${seen} runs; the daemon said: ${daemon.others.slice(-3)}`);
    if (made < goal && made - daemon.completed < PORTION) {
      const issues = Array.from({ length: Math.min(PORTION, goal - made) }, (_, index) => ({
        title: `Issue ${made + index}`,
      }));
      run(JIT, ['issue', 'create', '--from-json', '-', '--json'], JSON.stringify(issues));
      made += issues.length;
    } else await pause(20);
  }
}

/** Processes of this load, wherever they are. */
function leftovers() {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return false;
    try {
      return readFileSync(`/proc/${name}/environ`, 'utf8').includes(`JIT_TEST_ROOT=${root}`);
    } catch {
      return false;
    }
  });
}

function check(daemon, early, end) {
  const runs = JSON.parse(run(DISPATCH, ['runs', '--all', '--json']));
  const done = JSON.parse(run(JIT, ['query', 'state', 'done', '--fields', 'id', '--json']));
  const issues = new Set(runs.map(({ issue }) => issue));
  const rules = {
    'each issue is done': done.length === RUNS,
    'by exactly one run': runs.length === RUNS && issues.size === RUNS,
    'that completed': runs.every(({ state, attempt }) => state === 'completed' && attempt === 1),
    'the daemon counts the same': JSON.parse(daemon.summary).settled === RUNS,
    'no process is left': leftovers().length === 0,
    'no descriptor leaks': end.descriptors - early.descriptors <= MAX_MORE_DESCRIPTORS,
    'memory stays flat': end.memory - early.memory <= MAX_GROWTH,
    'and small': end.memory <= MAX_MEMORY,
  };
  return Object.entries(rules).flatMap(([rule, holds]) => (holds ? [] : [rule]));
}

const describe = ({ memory, descriptors }) =>
  `${memory.toFixed(0)} MiB, ${descriptors} descriptors`;

let daemon;
try {
  run(JIT, ['init']);
  writeFileSync(
    join(root, 'dispatch.toml'),
    `name = "load"\npoll_interval_secs = 5\nmax_concurrent = ${AT_A_TIME}\n[[agents]]\nid = "instant"\ncapacity = ${AT_A_TIME}\ncompletion = "exit"\ncommand = "true"\n`,
  );
  daemon = startDaemon();
  await until('the daemon is up', () => daemon.isUp, 120_000);
  const begun = performance.now();
  const earlyRuns = Math.min(EARLY_RUNS, Math.ceil((RUNS * 2) / 3));
  await work(daemon, earlyRuns);
  const early = await quietHoldings(daemon.pid);
  await work(daemon, RUNS - earlyRuns);
  const seconds = (performance.now() - begun) / 1000;
  const end = await quietHoldings(daemon.pid);
  const used = secondsUsed(daemon.pid);
  await daemon.stop();
  const broken = check(daemon, early, end);
  const { cycles } = JSON.parse(daemon.summary);
  console.log(
    `${RUNS} runs in ${seconds.toFixed(0)} s: ${(RUNS / seconds).toFixed(1)} per second, ${((seconds * 1000) / RUNS).toFixed(1)} ms each, ` +
      `${((used * 1000) / RUNS).toFixed(1)} ms of processor time each, ${cycles} cycles; ` +
      `daemon after ${earlyRuns}: ${describe(early)}, at the end: ${describe(end)}`,
  );
  const memory = daemon.memory.map((each) => each.toFixed(0));
  console.log(
    `memory after every ${EARLY_RUNS}: ${memory.join(', ')} MiB; warnings: ${daemon.others.length}`,
  );
  for (const rule of broken) console.log(`broken: ${rule}`);
  if (broken.length > 0) for (const line of daemon.others.slice(0, 10)) console.log(line);
  if (broken.length > 0) process.exitCode = 1;
} finally {
  daemon?.kill();
  rmSync(root, { recursive: true, force: true, maxRetries: 3 });
}
