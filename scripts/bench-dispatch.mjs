// What a daemon costs: its own time per issue, from ready to started, and memory. Called by bench.mjs.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const JIT = fileURLToPath(new URL('../packages/jit/bin/jit.js', import.meta.url));
const DISPATCH = fileURLToPath(
  new URL('../packages/jit-dispatch/bin/jit-dispatch.js', import.meta.url),
);
const BATCH = 100;
const SINGLE = 30;

/** Fields of /proc/<pid>/stat behind the name, which may hold anything. */
function statOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Processor time of a process without its children, in ms. */
function ownMs(pid) {
  const [user, system] = statOf(pid).slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}

function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/**
 * What the start of a process costs the one that starts it, in ms of processor time: a bare Node of the same size that
 * starts as many as the dispatcher does, in the same way.
 */
function startCost(count, mib, env) {
  const script = `
    const own = process.memoryUsage.rss() / 2 ** 20;
    const filled = Buffer.alloc(Math.max(0, ${mib} - own) * 2 ** 20, 1);
    const { spawn } = require('node:child_process');
    const before = process.cpuUsage();
    let left = ${count};
    for (let n = 0; n < ${count}; n += 1) {
      const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore', detached: true });
      child.once('exit', () => {
        left -= 1;
        if (left > 0) return;
        const { user, system } = process.cpuUsage(before);
        console.log((user + system) / 1000 / ${count}, filled.length);
      });
    }`;
  const { stdout } = spawnSync(process.execPath, ['-e', script], { env, encoding: 'utf8' });
  return Number(stdout.split(' ')[0]);
}

async function until(check) {
  while (!check()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Measures a daemon with agents that end at once. Linux only: null elsewhere. */
export async function benchDispatch(env) {
  if (process.platform !== 'linux') return null;
  const folder = mkdtempSync(join(tmpdir(), 'jit-bench-'));
  const run = (program, argv, input = '') => {
    const options = { cwd: folder, env, input, encoding: 'utf8' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], options);
    if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
    return stdout;
  };
  let daemon;
  try {
    run(JIT, ['init']);
    writeFileSync(
      join(folder, 'dispatch.toml'),
      `name = "bench"\npoll_interval_secs = 3600\nmax_concurrent = ${BATCH}\n[[agents]]\nid = "instant"\ncapacity = ${BATCH}\ncompletion = "exit"\ncommand = "true"\n`,
    );
    daemon = spawn(process.execPath, [DISPATCH, 'start'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    daemon.stderr.setEncoding('utf8').on('data', (text) => {
      log += text;
    });
    const completed = () => log.match(/ completed /g)?.length ?? 0;
    await until(() => log.includes('dispatches to'));
    for (let n = 0; n < SINGLE; n += 1) {
      run(JIT, ['issue', 'create', '-t', `Issue ${n}`]);
      await until(() => completed() > n);
    }
    const issues = new Map(
      JSON.parse(run(JIT, ['query', 'all', '--json'])).map(({ id, created_at }) => [
        id,
        Date.parse(created_at),
      ]),
    );
    const waits = JSON.parse(run(DISPATCH, ['runs', '--all', '--json']))
      .map(({ issue, started_at }) => Date.parse(started_at) - issues.get(issue))
      .sort((a, b) => a - b);
    const before = ownMs(daemon.pid);
    const batch = Array.from({ length: BATCH }, (_, n) => ({ title: `Batch ${n}` }));
    run(JIT, ['issue', 'create', '--from-json', '-'], JSON.stringify(batch));
    await until(() => completed() >= SINGLE + BATCH);
    return {
      own_ms_per_issue: (ownMs(daemon.pid) - before) / BATCH,
      start_ms_per_process: startCost(BATCH, memoryOf(daemon.pid), env),
      ready_to_started_p50_ms: waits[Math.floor(waits.length / 2)],
      ready_to_started_p95_ms: waits[Math.ceil(waits.length * 0.95) - 1],
      memory_mib: memoryOf(daemon.pid),
      runs: SINGLE + BATCH,
    };
  } finally {
    daemon?.kill('SIGTERM');
    if (daemon) await new Promise((resolve) => daemon.once('close', resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}
