import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type TempTracker, tempTracker } from '../../test/support/temp-tracker.ts';
import { COMMANDS } from './index.ts';

/** What a row may use: a tracker with a gated issue whose exit gate `check` is open. */
interface Scene extends TempTracker {
  readonly id: string;
  /** What the gated issue depends on; unfinished. */
  readonly other: string;
  /** The gate is automatic: by hand it can't be passed. */
  readonly auto: boolean;
}

type Line = readonly string[];
/** The lines to try on a scene. One command each; whether they work is of no interest, only what they leave behind. */
type Row = (scene: Scene) => readonly Line[];

/** Commands that change no issue, by what they are. */
const LOOKS = [
  'issue show',
  'issue list',
  'query ready',
  'query blocked',
  'query assignee',
  'query state',
  'query priority',
  'query label',
  'query all',
  'dep list',
  'dep tree',
  'rdeps',
  'gate status',
  'gate log',
  'gate list',
  'gate show',
  'gate preset list',
  'gate preset show',
  'gate trust',
  'events tail',
  'events query',
  'status',
  'where',
  'init',
  'schema',
  'prime',
  'issue explain',
  'issue search',
  'graph show',
  'graph downstream',
  'graph roots',
  'graph critical-path',
  'graph export',
  'config list',
  'config get',
  'config set',
  'config unset',
  'export',
  'completion',
  '__complete',
  'git setup',
  // Writes a file for git; what it merges is looked at in test/merge.
  'merge-driver',
];

/** Every command that changes something. `batch` is there for all: each row also runs as lines of one, atomic and not. */
const CHANGES: Readonly<Record<string, Row>> = {
  batch: ({ id }) => [['issue', 'update', id, '--state', 'done']],
  'issue create': ({ dir }) => [
    ['issue', 'create', 'new', '--gate', 'check'],
    ['issue', 'create', '--from-json', planFile(dir)],
  ],
  'issue update': ({ id }) => [
    ['issue', 'update', id, '--state', 'done'],
    ['issue', 'update', id, '--state', 'done', '--add-label', 'x'],
    ['issue', 'update', id, '--state', 'done', '--gate', 'check'],
    ['issue', 'update', id, '--state', 'done', '--override-claim', '--reason', 'r'],
    ['issue', 'update', id, '--state', 'done', '--force'],
    ['issue', 'update', id, '--state', 'done', '--only-if', 'state:unfinished'],
    ['issue', 'update', id, '--state', 'archived'],
    ['issue', 'update', id, '--state', 'open'],
    ['issue', 'update', id, '--defer-until', '2020-01-01'],
    ['issue', 'update', '--filter', 'state:unfinished', '--state', 'done'],
    ['issue', 'update', '--filter', 'state:gated', '--state', 'done', '--keep-going'],
  ],
  'issue comment': ({ id }) => [['issue', 'comment', id, 'done']],
  'issue claim': ({ id }) => [
    ['issue', 'claim', id, 'bot'],
    ['issue', 'update', id, '--state', 'done'],
  ],
  'issue claim-next': () => [['issue', 'claim-next', 'bot', '--filter', 'gate:check']],
  'issue heartbeat': ({ id }) => [['issue', 'heartbeat', id, '--claim', 'x'.repeat(32)]],
  'issue release': ({ id }) => [
    ['issue', 'release', id],
    ['issue', 'update', id, '--state', 'done'],
  ],
  'issue reassign': ({ id }) => [
    ['issue', 'reassign', id, 'bot'],
    ['issue', 'update', id, '--state', 'done'],
  ],
  'issue assign': ({ id }) => [['issue', 'assign', id, 'bot']],
  'issue unassign': ({ id }) => [['issue', 'unassign', id]],
  'issue reject': ({ other }) => [['issue', 'reject', other]],
  'issue reopen': ({ id }) => [
    ['issue', 'reject', id],
    ['issue', 'reopen', id],
    ['issue', 'update', id, '--state', 'done'],
  ],
  'issue archive': ({ id }) => [['issue', 'archive', id]],
  'issue delete': ({ other }) => [['issue', 'delete', other, '--detach']],
  'dep add': ({ id, other }) => [['dep', 'add', other, id]],
  'dep rm': ({ id, other }) => [
    ['dep', 'rm', id, other],
    ['issue', 'update', id, '--state', 'done'],
  ],
  'gate define': () => [['gate', 'define', 'check', '--stage', 'ready', '--command', 'true']],
  'gate update': ({ id }) => [
    ['gate', 'update', 'check', '--stage', 'ready'],
    ['issue', 'update', id, '--state', 'done'],
    ['gate', 'update', 'check', '--clear', 'command'],
    ['issue', 'update', id, '--state', 'done'],
  ],
  'gate preset apply': ({ id }) => [['gate', 'preset', 'apply', 'review', id]],
  'gate add': ({ id }) => [['gate', 'add', id, 'check', 'more', '--define']],
  'gate run': ({ id }) => [
    ['gate', 'run', id],
    ['gate', 'run', id, 'check'],
  ],
  // A person who passes a manual gate has decided it.
  'gate pass': ({ id, auto }) => (auto ? [['gate', 'pass', id, 'check']] : []),
  'gate fail': ({ id }) => [['gate', 'fail', id, 'check']],
  'gate report': ({ id }) => [
    ['gate', 'report', id, 'check', '--exit', '1', '--commit', 'none'],
    ['gate', 'report', id, 'check', '--exit', '127', '--commit', 'none'],
    ['gate', 'report', id, 'check', '--exit', '0', '--commit', 'none', '--attempt', '77'],
  ],
  // Taking a gate off an issue is a decision too; its definition stays while issues carry it.
  'gate remove': () => [['gate', 'remove', 'check']],
  'import beads': ({ dir, id }) => [['import', 'beads', beadsSource(dir, id)]],
  'import jit': ({ dir, id }) => [['import', 'jit', exportFile(dir, id)]],
  validate: () => [['validate', '--fix']],
  'import just-in-time': ({ dir, id }) => [['import', 'just-in-time', oldSource(dir, id)]],
};

function beadsSource(dir: string, id: string): string {
  const path = join(dir, 'issues.jsonl');
  const at = '2026-01-01T00:00:00Z';
  const bead = { id, title: 'A', status: 'closed', priority: 1, created_at: at, closed_at: at };
  writeFileSync(path, `${JSON.stringify({ ...bead, issue_type: 'task' })}\n`);
  return path;
}

/** An export with issues that are done though their gate is open: one is here already. */
function exportFile(dir: string, id: string): string {
  const path = join(dir, 'export.json');
  const done = (own: string) => ({
    ...{ schema: 1, id: own, title: 'A', state: 'done', priority: 'normal' },
    ...{ gates: { check: { status: 'pending' } }, created_at: '2026-01-01T00:00:00.000Z' },
  });
  const issues = [done(id), done('another0ne')];
  writeFileSync(path, JSON.stringify({ schema: 1, issues, gates: [], events: [], config: null }));
  return path;
}

function planFile(dir: string): string {
  const path = join(dir, 'plan.json');
  writeFileSync(path, JSON.stringify([{ key: 'a', title: 'planned', gates: ['check'] }]));
  return path;
}

/** Done issues with a gate that is open here, where there it was an entry gate: one is here already. */
function oldSource(dir: string, id: string): string {
  const folder = join(dir, 'old');
  mkdirSync(join(folder, 'issues'), { recursive: true });
  const ids = [id, '0b5ab9a6-7a2e-4b9c-9d3e-2f1f6f3f0a11'];
  for (const each of ids) {
    const gates = { gates_required: ['check'], gates_status: { check: { status: 'pending' } } };
    const issue = { id: each, title: 'A', description: '', state: 'done', priority: 'high' };
    const rest = { dependencies: [], context: {}, created_at: '2026-01-01T00:00:00Z' };
    const text = JSON.stringify({ ...issue, ...gates, ...rest });
    writeFileSync(join(folder, 'issues', `${each}.json`), text);
  }
  const gate = { key: 'check', title: 'c', description: '', stage: 'precheck', mode: 'manual' };
  writeFileSync(join(folder, 'gates.json'), JSON.stringify({ gates: { check: gate } }));
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schema_version: 1, all_ids: ids }));
  return folder;
}

test('every command is classified: it changes no issue, or it is tried on a gated one', () => {
  const known = [...LOOKS, ...Object.keys(CHANGES)].sort();
  expect(COMMANDS.map(({ path }) => path).sort()).toEqual(known);
});

const GATES = ['pending', 'failed', 'not trusted', 'could not run'] as const;

async function sceneOf(gate: (typeof GATES)[number]): Promise<Scene> {
  const tracker = await tempTracker();
  const { dir, run, json, create } = tracker;
  const auto = gate === 'not trusted' || gate === 'could not run';
  const command = ['--command', gate === 'could not run' ? 'exit 127' : 'true'];
  const [key, ...flags] = ['check', '--stage', 'done', ...(auto ? command : [])];
  await json(['gate', 'define', key ?? '', ...flags]);
  if (gate === 'not trusted') {
    const checker = { command: 'exit 0', timeout_secs: 5, working_dir: null, env: {} };
    const file = { schema: 1, key: 'check', title: 'check', stage: 'done', mode: 'auto', checker };
    writeFileSync(join(dir, '.jit', 'gates', 'check.json'), JSON.stringify(file));
  }
  const id = await create('A', '--gate', 'check');
  await run(['issue', 'update', id, '--state', 'done']);
  if (gate === 'failed') {
    await json(['gate', 'fail', id, 'check']);
    await run(['issue', 'update', id, '--state', 'done']);
  }
  const other = await create('B');
  await json(['dep', 'add', id, other]);
  expect((await json(['issue', 'show', id])).state).toBe('gated');
  return { ...tracker, id, other, auto };
}

/** Each gate alone; what a batch adds does not depend on why the gate is open. */
const CASES = [
  ...GATES.map((gate) => [gate, 'alone'] as const),
  ['pending', 'in a batch'],
  ['could not run', 'in a batch'],
  ['failed', 'in an atomic batch'],
  ['not trusted', 'in an atomic batch'],
] as const;

test.each(CASES)(
  'an exit gate that is %s holds on every path to done, %s',
  {
    timeout: 300_000,
  },
  async (gate, way) => {
    let tried = 0;
    for (const [command, row] of Object.entries(CHANGES)) {
      const scene = await sceneOf(gate);
      const lines = row(scene);
      tried += lines.length;
      if (way === 'alone') {
        const exits = [];
        for (const line of lines) exits.push((await scene.run(line)).exit);
        // A row that is only refused as a slip of the pen would show nothing.
        expect(exits.length === 0 || exits.some((exit) => exit > 2 || exit === 0), command).toBe(
          true,
        );
      }
      if (way === 'in a batch') await scene.batch(lines);
      if (way === 'in an atomic batch')
        for (const line of lines) await scene.batch([line], ['--atomic']);
      const issues = await scene.json('query all --full');
      const passed = issues.filter(
        (issue: { state: string; gates: { status: string }[] }) =>
          issue.state === 'done' && issue.gates.some(({ status }) => status !== 'passed'),
      );
      expect(passed, command).toEqual([]);
      expect(
        issues.find((issue: { id: string }) => issue.id === scene.id)?.state,
        command,
      ).not.toBe('done');
      const { findings } = JSON.parse((await scene.run('validate --json')).stdout);
      const codes = findings.map(({ code }: { code: string }) => code);
      expect(codes, command).not.toContain('DONE_WITH_OPEN_GATE');
      const events = scene
        .events()
        .filter(({ type, to }) => type === 'state_changed' && to === 'done');
      expect(events, command).toEqual([]);
    }
    const commands = Object.keys(CHANGES).length;
    console.log(`${gate}, ${way}: ${commands} commands, ${tried} lines tried, 0 issues done`);
  },
);

test.each(GATES)(
  'only --force with a reason passes over an exit gate that is %s, and it is recorded',
  async (gate) => {
    const { id, json, fails, events } = await sceneOf(gate);
    const line = ['issue', 'update', id, '--state', 'done', '--force'];
    expect(await fails(line)).toMatchObject({ exit: 2 });
    expect(await json([...line, '--reason', 'the release is today'])).toMatchObject({
      state: 'done',
    });
    expect(events().filter(({ type }) => type === 'forced')).toMatchObject([
      { issue: id, reason: 'the release is today', gates: ['check'] },
    ]);
  },
);
