// The main job, played for real: a small project's issues, dependencies and gates, dispatched to
// real agent processes until all is done.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const JIT = path('../packages/jit/bin/jit.js');
const DISPATCH = path('../packages/jit-dispatch/bin/jit-dispatch.js');
const BIN = path('../node_modules/.bin');
const AGENT = path('../examples/agents/echo-agent.sh');

const folder = mkdtempSync(join(tmpdir(), 'jit-demo-'));
const env = { ...process.env, JIT_ACTOR: 'ana', PATH: `${BIN}${delimiter}${process.env.PATH}` };
for (const name of ['JIT_DIR', 'JIT_CLAIM', 'JIT_ISSUE_ID', 'JIT_AGENT_ID']) delete env[name];

function say(text) {
  process.stdout.write(`\n\u2014 ${text}\n`);
}

function run(program, argv, { quiet = false, exits = [0] } = {}) {
  const name = program === JIT ? 'jit' : 'jit-dispatch';
  if (!quiet)
    process.stdout.write(
      `$ ${name} ${argv.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ')}\n`,
    );
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  if (!quiet) process.stdout.write(stdout + stderr);
  if (!exits.includes(status))
    throw new Error(`${name} ${argv.join(' ')} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

const jit = (...argv) => run(JIT, argv);
const ask = (...argv) => JSON.parse(run(JIT, [...argv, '--json'], { quiet: true }));

function create(title, ...more) {
  const id = ask('issue', 'create', title, ...more).id;
  process.stdout.write(`$ jit issue create "${title}" ${more.join(' ')}\n  ${id}\n`);
  return id;
}

async function until(what, done) {
  const deadline = Date.now() + 60_000;
  while (!done()) {
    if (Date.now() > deadline) throw new Error(`waited too long for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function play() {
  say('A tracker in an empty folder, with a gate that holds back "done" until a person has looked');
  jit('init');
  jit('gate', 'define', 'review', '--stage', 'done', '--title', 'A person has looked at it');

  say('Seven issues of a small project; some wait for others, one needs the review');
  const grammar = create('Write the grammar', '-p', 'critical', '-l', 'area:core');
  const lexer = create('Build the lexer', '-p', 'high', '--dep', grammar, '-l', 'area:core');
  const parser = create('Build the parser', '-p', 'high', '--dep', lexer, '-l', 'area:core');
  const errors = create('Make error messages kind', '--dep', parser, '--gate', 'review');
  create('Write the guide', '-p', 'low', '-l', 'area:docs');
  const examples = create('Write examples', '--dep', parser, '-l', 'area:docs');
  create('Publish', '--dep', errors, '--dep', examples);
  jit('query', 'ready');
  jit('query', 'blocked');

  say(
    'Two agents with room for two issues each, and a dry run that says what would happen and why',
  );
  mkdirSync(join(folder, 'agents'), { recursive: true });
  writeFileSync(
    join(folder, 'dispatch.toml'),
    `poll_interval_secs = 5

[[agents]]
id = "core-1"
capacity = 2
tags = ["core"]
command = ["sh", ${JSON.stringify(AGENT)}]

[[agents]]
id = "docs-1"
capacity = 2
tags = ["docs"]
command = ["sh", ${JSON.stringify(AGENT)}]
`,
  );
  run(DISPATCH, ['once', '--dry-run']);

  say('The daemon works until nothing is left but what waits for a person');
  process.stdout.write('$ jit-dispatch start\n');
  const daemon = spawn(process.execPath, [DISPATCH, 'start'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  try {
    await until('the gated issue', () => ask('query', 'state', 'gated').length === 1);
    await until('the rest', () => ask('query', 'state', 'in_progress').length === 0);
    say('One issue is gated: its agent says it is done, the review says not yet. A person looks');
    jit('gate', 'status', errors);
    jit('gate', 'pass', errors, 'review', '--by', 'ana', '--note', 'reads well');
    await until('all issues', () => ask('query', 'state', 'done').length === 7);
  } finally {
    daemon.kill('SIGTERM');
    await ended;
  }

  say('All is done; each issue was started once');
  jit('status');
  run(DISPATCH, ['runs', '--all']);
  const starts = ask('events', 'query', '--type', 'claimed').map((event) => event.issue);
  if (starts.length !== 7 || new Set(starts).size !== 7)
    throw new Error(`started: ${starts.join(', ')}`);
  process.stdout.write(
    `\n7 issues, ${starts.length} starts, ${ask('events', 'query').length} events; jit validate: ${ask('validate').findings.length} findings\n`,
  );
}

try {
  await play();
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
