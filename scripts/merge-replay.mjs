// Merges two clones of a tracker over and over: `node scripts/merge-replay.mjs [--merges 200] [--seed 1]`.
// Two actors edit by real commands; every merge is also tried by git alone, without attributes and
// driver. Prints the conflicts under each, checks that the driver's results lost no edit, and exits 1
// if one did.
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';

const JIT = join(dirname(dirname(fileURLToPath(import.meta.url))), 'packages/jit/bin/jit.js');
const START_ISSUES = 25;
const EDITS_PER_SIDE = 10;
/** Most edits are of the first open issues, so that the actors meet. */
const POOL = 8;
const CLAIM = ['attempt', 'assignee', 'state'];
const SCALARS = ['title', 'description', 'defer_until', 'acceptance_criteria', 'priority'];
const SETS = ['labels', 'dependencies', 'documents'];
const MAPS = ['gates', 'links', 'metadata'];

/** Numbers between 0 and 1 that follow from the seed (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const environment = () => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(JIT_|GIT_|NODE_)/.test(name)),
  ),
  GIT_AUTHOR_NAME: 'replay',
  GIT_AUTHOR_EMAIL: 'replay@example.org',
  GIT_COMMITTER_NAME: 'replay',
  GIT_COMMITTER_EMAIL: 'replay@example.org',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
});

function git(cwd, argv, codes = [0]) {
  const words = [
    '-c',
    'init.defaultBranch=main',
    '-c',
    'gc.auto=0',
    '-c',
    'maintenance.auto=false',
    ...argv,
  ];
  const { status, stdout, stderr } = spawnSync('git', words, {
    cwd,
    env: environment(),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (!codes.includes(status))
    throw new Error(`git ${argv.join(' ')}: ${status}\n${stdout}${stderr}`);
  return { status, stdout };
}

/** One `jit batch` that stays open: each call is a line, each answer its result. */
class Actor {
  constructor(dir, name) {
    this.dir = dir;
    this.name = name;
    this.child = spawn(process.execPath, [JIT, 'batch', '--actor', name], {
      cwd: dir,
      env: environment(),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async call(...argv) {
    const [answer] = await this.calls([argv]);
    return answer;
  }

  /** Lines that are sent together become durable together. */
  async calls(lines) {
    this.child.stdin.write(lines.map((argv) => `${JSON.stringify(argv)}\n`).join(''));
    const answers = [];
    for (const _ of lines) {
      const { value, done } = await this.answers.next();
      if (done) throw new Error(`jit batch of ${this.name} ended`);
      answers.push(JSON.parse(value));
    }
    return answers;
  }

  end() {
    this.child.stdin.end();
    return new Promise((resolve) => this.child.on('close', resolve));
  }
}

/** Random edits by one actor. A refused one is none. */
async function edit(actor, chance, tag) {
  const any = (list) => list[Math.floor(chance() * list.length)];
  const listed = (await actor.call('query', 'all')).result;
  const ids = listed.map(({ id }) => id);
  const open = listed
    .filter(({ state }) => !['done', 'rejected', 'archived'].includes(state))
    .map(({ id }) => id);
  const word = () => `${tag}${Math.floor(chance() * 1000)}`;
  const edits = [
    [
      3,
      () => [
        'issue',
        'create',
        '-t',
        `new ${word()}`,
        '--label',
        any(['a', 'b', 'c']),
        '-d',
        word(),
      ],
    ],
    [2, (id) => ['issue', 'update', id, '--title', `title ${word()}`]],
    [2, (id) => ['issue', 'update', id, '-d', `text ${word()}`]],
    [2, (id) => ['issue', 'update', id, '-p', any(['critical', 'high', 'normal', 'low'])]],
    [3, (id) => ['issue', 'update', id, '--add-label', any(['x', 'y', 'z', word()])]],
    [1, (id) => ['issue', 'update', id, '--remove-label', any(['a', 'b', 'c'])]],
    [2, (id) => ['issue', 'update', id, '--meta', `${any(['k', 'l', 'm'])}=${word()}`]],
    [
      1,
      (id) => [
        'issue',
        'update',
        id,
        '--link',
        `${any(['pr', 'doc'])}=https://example.org/${word()}`,
      ],
    ],
    [5, (id) => ['dep', 'add', id, any(open.slice(0, POOL))]],
    [1, (id) => ['gate', 'add', id, 'review']],
    [1, (id) => ['gate', 'pass', id, 'review']],
    [3, (id) => ['issue', 'comment', id, `comment ${word()}`]],
    [2, (id) => ['issue', 'claim', id, actor.name]],
    [2, (id) => ['issue', 'release', id]],
    [3, (id) => ['issue', 'update', id, '--state', 'done']],
    [1, (id) => ['issue', 'reopen', id]],
    [2, (id) => ['issue', 'delete', id]],
  ].flatMap(([weight, make]) => Array.from({ length: weight }, () => make));
  const lines = Array.from({ length: EDITS_PER_SIDE }, () => {
    const among = chance() < 0.9 && open.length > 0 ? open.slice(0, POOL) : ids;
    return any(edits)(any(among));
  });
  return (await actor.calls(lines)).filter(({ exit }) => exit === 0).length;
}

/** The commit that main of a clone is at. */
function head(dir) {
  return readFileSync(join(dir, '.git/refs/heads/main'), 'utf8').trim();
}

/** Every issue of a working tree by id. */
function issuesOf(dir) {
  const folder = join(dir, '.jit/issues');
  return new Map(
    readdirSync(folder).flatMap((name) => {
      const issue = parsed(readFileSync(join(folder, name), 'utf8'));
      return issue === null ? [] : [[name.slice(0, -5), issue]];
    }),
  );
}

/** Null for what is no JSON: validate counts it. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function eventsOf(dir) {
  const folder = join(dir, '.jit/events');
  const lines = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean),
  );
  const events = lines.map(parsed).filter((event) => event !== null);
  return new Map(events.map((event) => [event.id, event]));
}

const same = (a, b) => isDeepStrictEqual(a, b);

/** Every edit of a side that the merged tracker does not have and no event tells of. */
function lostEdits(base, ours, theirs, merged, noted) {
  const lost = [];
  const told = (id, field, value) =>
    noted.some(
      (event) =>
        event.issue === id &&
        event.field === field &&
        [event.kept, event.other].some((each) => same(each, value ?? null)),
    );
  const value = (id, field, was, kept, other, now, tell = (v) => told(id, field, v)) => {
    // A gate's result of an attempt that is over counts no more; an event tells it.
    const late = (name, result) => name.startsWith('gates.') && tell(result);
    if (same(kept, other) || same(other, was))
      return same(now, kept) || late(field, kept) || lost.push(`${id} ${field}: ours`);
    if (same(kept, was))
      return same(now, other) || late(field, other) || lost.push(`${id} ${field}: theirs`);
    const known = [kept, other].every((each) => same(now, each) || tell(each));
    return (
      (known && [kept, other].some((each) => same(now, each))) ||
      lost.push(`${id} ${field}: both sides`)
    );
  };
  for (const id of new Set([...ours.keys(), ...theirs.keys()])) {
    const [was, kept, other, now] = [base, ours, theirs, merged].map((side) => side.get(id));
    if (kept === undefined || other === undefined) {
      const left = kept ?? other;
      const isDeletion = was !== undefined && same(left, was);
      if (isDeletion ? now !== undefined : now === undefined)
        lost.push(`${id}: ${isDeletion ? 'deletion' : 'file'}`);
      if (!isDeletion && now !== undefined)
        for (const field of [...SCALARS, ...SETS])
          if (!same(now[field], left[field])) lost.push(`${id} ${field}`);
      continue;
    }
    if (now === undefined) {
      lost.push(`${id}: file`);
      continue;
    }
    for (const field of SCALARS)
      value(id, field, was?.[field], kept[field], other[field], now[field]);
    for (const field of MAPS) {
      for (const key of new Set(
        [kept, other, was ?? {}].flatMap((each) => Object.keys(each[field] ?? {})),
      ))
        value(
          id,
          `${field}.${key}`,
          was?.[field]?.[key],
          kept[field][key],
          other[field][key],
          now[field][key],
        );
    }
    const group = (issue) =>
      issue &&
      Object.fromEntries([
        ...CLAIM.map((key) => [key, issue[key]]),
        ['since', issue.claim?.since ?? null],
      ]);
    value(id, 'claim', group(was), group(kept), group(other), group(now));
    for (const field of SETS) {
      for (const each of new Set(
        [kept, other, was ?? { [field]: [] }].flatMap((side) => side[field]),
      )) {
        const [before, here, there] = [was, kept, other].map(
          (side) => side?.[field].includes(each) ?? false,
        );
        if (now[field].includes(each) !== (before ? here && there : here || there))
          lost.push(`${id} ${field} ${each}`);
      }
    }
  }
  return lost;
}

/** What git left open in a merge with the driver: decides it so that both versions stay. Returns the paths. */
function decide(dir) {
  const unmerged = git(dir, ['diff', '--name-only', '--diff-filter=U', '-z'])
    .stdout.split('\0')
    .filter(Boolean);
  for (const path of unmerged) {
    const file = join(dir, path);
    if (!existsSync(file)) continue;
    const text = readFileSync(file, 'utf8');
    const [, ours, theirs] =
      /^<<<<<<< ours\n([\s\S]*)=======\n([\s\S]*)>>>>>>> theirs\n$/.exec(text) ?? [];
    if (ours === undefined) continue;
    // git took a new issue for a deleted one under another name: each goes where its id says.
    for (const side of [theirs, ours])
      writeFileSync(join(dir, '.jit/issues', `${JSON.parse(side).id}.json`), side);
  }
  return unmerged;
}

/** How many files and lines of the log validate can't read. */
async function countUnreadable(actor) {
  const { result } = await actor.call('validate');
  const codes = ['UNREADABLE_FILE', 'BAD_EVENT_LINE', 'TORN_EVENT_LINE'];
  return result.findings.filter(({ code }) => codes.includes(code)).length;
}

/** Ends what only a merge can break, as its finding says. Counts by code. */
async function settle(actor, counts) {
  for (let round = 0; round < 20; round += 1) {
    const { result } = await actor.call('validate');
    // What can't be read is counted on its own.
    const errors = result.findings.filter(
      ({ severity, code }) => severity === 'error' && code !== 'UNREADABLE_FILE',
    );
    if (errors.length === 0) return;
    for (const { code, subject, message } of errors) {
      counts[code] = (counts[code] ?? 0) + 1;
      const path = message.split(': ').at(-1)?.split(' → ') ?? [];
      if (code === 'CYCLE') await actor.call('dep', 'rm', path[0], path[1]);
      else if (code === 'DANGLING_EDGE')
        await actor.call('dep', 'rm', subject, /depends on (\S+),/.exec(message)?.[1] ?? '');
      else if (code === 'DONE_WITH_OPEN_GATE')
        await actor.calls([
          ['issue', 'reopen', subject],
          ['gate', 'pass', subject, 'review'],
          ['issue', 'update', subject, '--state', 'done'],
        ]);
      else throw new Error(`validate found what no side had: ${message}`);
    }
  }
  throw new Error('validate still finds errors after 20 rounds');
}

/** Memory where there is enough of it: this is about merging, and waiting for disks is most of the time. */
function quickFolder() {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > 2 ** 29 ? memory : tmpdir();
}

async function replay({ merges, seed, folder }) {
  const chance = random(seed);
  const [ana, bob, plain] = ['ana', 'bob', 'plain.git'].map((name) => join(folder, name));
  mkdirSync(ana);
  git(ana, ['init', '-q']);
  const jit = (dir, ...argv) =>
    spawnSync(process.execPath, [JIT, ...argv], { cwd: dir, env: environment(), encoding: 'utf8' });
  jit(ana, 'init');
  jit(ana, 'git', 'setup');
  const commit = (dir, message) => {
    git(dir, ['add', '-A']);
    git(dir, ['commit', '-q', '--allow-empty', '-m', message]);
  };
  const one = new Actor(ana, 'ana');
  await one.call('gate', 'define', 'review', '--stage', 'done');
  for (let at = 0; at < START_ISSUES; at += 1)
    await one.call('issue', 'create', '-t', `issue ${at}`, '--label', 'a', '-d', `text ${at}`);
  commit(ana, 'start');
  git(folder, ['clone', '-q', ana, bob]);
  git(folder, ['init', '-q', '--bare', plain]);
  // Each finds the objects of the others where they are: nothing is fetched.
  const objects = [ana, bob].map((dir) => `${dir}/.git/objects`);
  for (const store of [...objects, `${plain}/objects`])
    writeFileSync(
      `${store}/info/alternates`,
      objects
        .filter((other) => other !== store)
        .map((other) => `${other}\n`)
        .join(''),
    );
  jit(bob, 'git', 'setup');
  const two = new Actor(bob, 'bob');
  const figures = {
    merges,
    edits: 0,
    plain: { merges: 0, issues: 0, others: 0 },
    driver: { merges: 0, issues: 0, others: 0 },
    noted: 0,
    lost: [],
    events_lost: 0,
    unreadable: 0,
    found: {},
  };
  for (let round = 1; round <= merges; round += 1) {
    const base = issuesOf(ana);
    figures.edits += await edit(one, chance, `a${round}.`);
    figures.edits += await edit(two, chance, `b${round}.`);
    const [ours, theirs] = [issuesOf(ana), issuesOf(bob)];
    const [log, otherLog] = [eventsOf(ana), eventsOf(bob)];
    commit(ana, `ana ${round}`);
    commit(bob, `bob ${round}`);
    const text = git(
      plain,
      ['merge-tree', '--write-tree', '--name-only', '--no-messages', head(ana), head(bob)],
      [0, 1],
    );
    const files = text.stdout.split('\n').slice(1).filter(Boolean);
    const issues = files.filter((path) => path.startsWith('.jit/issues/')).length;
    if (issues > 0) figures.plain.merges += 1;
    figures.plain.issues += issues;
    figures.plain.others += files.length - issues;

    const { status } = git(ana, ['merge', '-q', '--no-edit', head(bob)], [0, 1]);
    if (status === 1) {
      figures.driver.merges += 1;
      const unmerged = decide(ana);
      const others = unmerged.filter((path) => !path.startsWith('.jit/issues/')).length;
      figures.driver.issues += unmerged.length - others;
      figures.driver.others += others;
      commit(ana, `merge ${round}`);
    }
    figures.unreadable += await countUnreadable(one);
    const merged = issuesOf(ana);
    await one.call('issue', 'comment', [...merged.keys()][0], `after merge ${round}`);
    const now = eventsOf(ana);
    const noted = [...now.values()].filter(
      (event) => event.type === 'merge_conflict' && !log.has(event.id) && !otherLog.has(event.id),
    );
    figures.noted += noted.length;
    figures.lost.push(
      ...lostEdits(base, ours, theirs, merged, noted).map((what) => `merge ${round}: ${what}`),
    );
    figures.events_lost += [...log.keys(), ...otherLog.keys()].filter((id) => !now.has(id)).length;
    await settle(one, figures.found);
    commit(ana, `settled ${round}`);
    git(bob, ['reset', '-q', '--hard', head(ana)]);
  }
  await Promise.all([one.end(), two.end()]);
  return figures;
}

const { values } = parseArgs({
  options: { merges: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const folder = mkdtempSync(join(quickFolder(), 'jit-replay-'));
try {
  const { merges, edits, plain, driver, noted, lost, events_lost, unreadable, found } =
    await replay({
      merges: Number(values.merges),
      seed: Number(values.seed),
      folder,
    });
  process.stdout.write(
    [
      `${merges} merges of ${edits} edits by two actors (seed ${values.seed})`,
      `git alone: ${plain.merges} merges with conflicts in issues, ${plain.issues} issue files, ${plain.others} event files`,
      `jit merge-driver: ${driver.merges} merges with conflicts, ${driver.issues} issue files, ${driver.others} event files; ${noted} fields that both sides changed, each noted by an event`,
      `edits lost: ${lost.length}; events lost: ${events_lost}; unreadable files: ${unreadable}`,
      `made by merges only, told by validate, ended as it says: ${JSON.stringify(found)}`,
      ...lost.slice(0, 10),
      '',
    ].join('\n'),
  );
  if (lost.length + events_lost + unreadable > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
