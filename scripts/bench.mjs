// Times whole commands as processes, in turn with a bare `node -e 0`, and prints ratios of the best
// runs. Nothing here is a test: machines differ, ratios to the yardstick of the same run differ less.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchDispatch } from './bench-dispatch.mjs';

const JIT = fileURLToPath(new URL('../packages/jit/bin/jit.js', import.meta.url));
const RESULTS = fileURLToPath(new URL('../bench/results/', import.meta.url));
const RUNS = Number(process.env.BENCH_RUNS ?? 40);
const ISSUES = 1000;
const UNFINISHED = 50;
const GRAPH_ISSUES = 5000;
const GRAPH_RUNS = Math.min(RUNS, 10);

const env = { ...process.env, JIT_ACTOR: 'bench' };
delete env.NODE_EXTRA_CA_CERTS; // reading it adds up to 70 ms to every start of Node 20

function time(argv, cwd) {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, argv, { cwd, env });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
  return ms;
}

function makeTracker() {
  const folder = mkdtempSync(join(tmpdir(), 'jit-bench-'));
  time([JIT, 'init'], folder);
  const ids = [];
  for (let n = 0; n < ISSUES; n += 1) {
    const id = `bench${String(n).padStart(5, '0')}`;
    ids.push(id);
    const issue = {
      schema: 1,
      id,
      title: `Issue number ${n}`,
      description: 'What is to be done, in a few lines. '.repeat(20),
      acceptance_criteria: ['it works', 'it is tested'],
      state: n < UNFINISHED ? 'open' : 'done',
      priority: ['critical', 'high', 'normal', 'low'][n % 4],
      assignee: null,
      attempt: 0,
      claim: null,
      labels: ['epic:bench', 'type:task'],
      dependencies: n % 10 === 1 ? [ids[n - 1]] : [],
      gates: {},
      defer_until: null,
      documents: [],
      links: {},
      metadata: {},
      created_at: new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString(),
      created_by: 'bench',
    };
    writeFileSync(
      join(folder, '.jit', 'issues', `${id}.json`),
      `${JSON.stringify(issue, null, 2)}\n`,
    );
  }
  return { folder, ids };
}

/** Unfinished issues, each waiting for the next two: as many ways through as a Fibonacci number. */
function makeGraph() {
  const graph = mkdtempSync(join(tmpdir(), 'jit-bench-'));
  time([JIT, 'init'], graph);
  const idOf = (n) => `graph${String(n).padStart(5, '0')}`;
  for (let n = 0; n < GRAPH_ISSUES; n += 1) {
    const issue = {
      schema: 1,
      id: idOf(n),
      title: `Issue number ${n}`,
      state: 'open',
      priority: 'normal',
      dependencies: [n + 1, n + 2].filter((next) => next < GRAPH_ISSUES).map(idOf),
      created_at: new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString(),
    };
    writeFileSync(join(graph, '.jit', 'issues', `${issue.id}.json`), JSON.stringify(issue));
  }
  return graph;
}

const { folder, ids } = makeTracker();
const graph = makeGraph();
try {
  // A stamp counts only when it is older than the clock tick of the file system.
  await new Promise((resolve) => setTimeout(resolve, 3500));
  time([JIT, 'query', 'ready', '--json'], folder);
  const cases = {
    'query ready --json': () => [JIT, 'query', 'ready', '--json'],
    'issue show --json': () => [JIT, 'issue', 'show', ids[1], '--json'],
  };
  const best = { 'node -e 0': Number.POSITIVE_INFINITY };
  for (const name of Object.keys(cases)) best[name] = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run += 1) {
    best['node -e 0'] = Math.min(best['node -e 0'], time(['-e', '0'], folder));
    for (const [name, argv] of Object.entries(cases)) {
      best[name] = Math.min(best[name], time(argv(), folder));
    }
  }
  const exported = `graph export, ${GRAPH_ISSUES} issues`;
  best[exported] = Number.POSITIVE_INFINITY;
  // The first call makes the index.
  time([JIT, 'graph', 'export'], graph);
  for (let run = 0; run < GRAPH_RUNS; run += 1) {
    best[exported] = Math.min(best[exported], time([JIT, 'graph', 'export'], graph));
  }
  const rows = Object.entries(best).map(([name, ms]) => ({
    name,
    ms,
    ratio: ms / best['node -e 0'],
  }));
  console.log(
    `${ISSUES} issues, ${UNFINISHED} unfinished; best of ${RUNS} runs in turn; node ${process.version}`,
  );
  for (const { name, ms, ratio } of rows) {
    console.log(`${name.padEnd(27)} ${ms.toFixed(1).padStart(7)} ms  ${ratio.toFixed(2)} × node`);
  }
  const dispatch = await benchDispatch(env);
  if (dispatch !== null) {
    const { own_ms_per_issue, ready_to_started_p50_ms, ready_to_started_p95_ms } = dispatch;
    const start = dispatch.start_ms_per_process;
    console.log(
      `dispatcher's own time per issue of a batch of 100: ${own_ms_per_issue.toFixed(1)} ms, of which the start of a process is ${start.toFixed(1)} ms: ${(own_ms_per_issue - start).toFixed(1)} ms besides it (budget 6)`,
    );
    console.log(
      `ready to agent started, daemon watching: half within ${ready_to_started_p50_ms} ms, 95 % within ${ready_to_started_p95_ms} ms (budget 500)`,
    );
    console.log(`daemon after ${dispatch.runs} runs: ${dispatch.memory_mib.toFixed(0)} MiB`);
  }
  mkdirSync(RESULTS, { recursive: true });
  const result = {
    at: new Date().toISOString(),
    node: process.version,
    issues: ISSUES,
    unfinished: UNFINISHED,
    runs: RUNS,
    rows,
    dispatch,
  };
  writeFileSync(join(RESULTS, 'latest.json'), `${JSON.stringify(result, null, 2)}\n`);
} finally {
  for (const each of [folder, graph]) rmSync(each, { recursive: true, force: true });
}
