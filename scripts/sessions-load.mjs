// Lets one daemon hold many sessions of an SDK at a time: `node scripts/sessions-load.mjs [--sessions 100]
// [--at-a-time 25]`. The daemon is killed with SIGKILL on the way and started again. Prints the processor time of
// the dispatcher per issue, the states that were seen, and the most sessions at a time; exits 1 if a session was
// begun twice, the limit was not kept, an issue is not done, or a process is left.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DISPATCH, JIT, openLoadPlace, until } from './load-place.mjs';

const TICK_MS = 1000 / 100;
const PATIENCE_MS = 600_000;

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '100' },
    'at-a-time': { type: 'string', default: '25' },
    'work-ms': { type: 'string', default: '3000' },
  },
});
const SESSIONS = Number(values.sessions);
const AT_A_TIME = Number(values['at-a-time']);
const WORK_MS = Number(values['work-ms']);

const { root, env, run } = openLoadPlace('sessions');
const notes = join(root, 'notes');

/** An SDK whose sessions become idle after a while: what is measured is the dispatcher. */
const SDK = `
import { appendFileSync } from 'node:fs';
const note = (word, id) => appendFileSync(${JSON.stringify(notes)}, word + ' ' + id + ' ' + Date.now() + '\\n');
export const approveAll = () => ({ kind: 'approved' });
class Session {
  constructor(id) { this.sessionId = id; this.handlers = new Set(); }
  on(handler) { this.handlers.add(handler); return () => this.handlers.delete(handler); }
  tell(event) { for (const handler of this.handlers) handler(event); }
  async send() {
    note('sent', this.sessionId);
    setTimeout(() => {
      note('idle', this.sessionId);
      this.tell({ type: 'assistant.message', data: { content: 'done' } });
      this.tell({ type: 'session.idle', data: {} });
    }, ${WORK_MS});
    return 'm';
  }
  async abort() { note('aborted', this.sessionId); }
  async disconnect() {}
}
export class CopilotClient {
  async start() {}
  async createSession({ sessionId }) { note('created', sessionId); return new Session(sessionId); }
  async resumeSession(sessionId) { note('resumed', sessionId); return new Session(sessionId); }
  async stop() { return []; }
  async forceStop() {}
}
`;

/** Processor time of a process so far, in milliseconds; without that of those it started. */
function processorMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function startDaemon(states) {
  const child = spawn(process.execPath, [DISPATCH, 'start', '--log-format', 'json'], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines)
      try {
        states.add(JSON.parse(line).event);
      } catch {
        process.stderr.write(`${line}\n`);
      }
  });
  return { child, ended: new Promise((resolve) => child.once('exit', resolve)) };
}

const readNotes = () =>
  existsSync(notes)
    ? readFileSync(notes, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(' '))
    : [];
const countOf = (word) => readNotes().filter(([each]) => each === word).length;

/** The most sessions that worked at one time. */
function mostAtATime() {
  const moves = readNotes()
    .filter(([word]) => word === 'sent' || word === 'idle')
    .map(([word, , at]) => [Number(at), word === 'sent' ? 1 : -1])
    .sort(([a, x], [b, y]) => a - b || x - y);
  let now = 0;
  let most = 0;
  for (const [, step] of moves) {
    now += step;
    most = Math.max(most, now);
  }
  return most;
}

function leftOver() {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`JIT_TEST_ROOT=${root}\0`);
    } catch {
      return false;
    }
  });
}

try {
  writeFileSync(join(root, 'sdk.mjs'), SDK);
  writeFileSync(
    join(root, 'dispatch.toml'),
    `name = "load"
poll_interval_secs = 1
max_concurrent = 1000
[[agents]]
id = "sdk"
kind = "copilot-sdk"
capacity = ${AT_A_TIME}
pass_env = ["JIT_TEST_ROOT"]
[agents.session]
module = "./sdk.mjs"
`,
  );
  run(JIT, ['init']);
  const lines = Array.from({ length: SESSIONS }, (_, n) =>
    JSON.stringify(['issue', 'create', '-t', `Issue ${n}`]),
  );
  run(JIT, ['batch'], `${lines.join('\n')}\n`);

  const states = new Set();
  const first = startDaemon(states);
  await until(
    'half of the sessions were begun',
    () => countOf('created') >= SESSIONS / 2,
    PATIENCE_MS,
  );
  const spentBefore = processorMs(first.child.pid);
  const begunBefore = countOf('created');
  first.child.kill('SIGKILL');
  await first.ended;
  const second = startDaemon(states);
  await until('all sessions are idle', () => countOf('idle') >= SESSIONS, PATIENCE_MS);
  const isDone = () =>
    JSON.parse(run(JIT, ['query', 'all', '--json'])).every(({ state }) => state === 'done');
  await until('all issues are done', isDone, PATIENCE_MS);
  const spent = spentBefore + processorMs(second.child.pid);
  second.child.kill('SIGTERM');
  await second.ended;

  const runs = JSON.parse(run(DISPATCH, ['runs', '--all', '--json']));
  const names = [...new Set(runs.map(({ state }) => state))];
  const byState = names.map(
    (name) => `${runs.filter(({ state }) => state === name).length} ${name}`,
  );
  const most = mostAtATime();
  await until('no process is left', () => leftOver().length === 0, PATIENCE_MS);
  console.log(
    `sessions               ${countOf('created')} created, ${countOf('resumed')} resumed`,
  );
  console.log(`killed after           ${begunBefore} sessions, then started again`);
  console.log(`most at a time         ${most} of ${AT_A_TIME}`);
  console.log(`said by the dispatcher ${[...states].sort().join(', ')}`);
  console.log(`runs                   ${byState.join(', ')}`);
  console.log(
    `its processor time     ${(spent / SESSIONS).toFixed(1)} ms per issue, two starts included`,
  );
  const isGood =
    countOf('created') === SESSIONS &&
    most <= AT_A_TIME &&
    runs.length === SESSIONS &&
    runs.every(({ state }) => state === 'completed');
  if (!isGood) process.exitCode = 1;
} finally {
  for (const pid of leftOver())
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
}
