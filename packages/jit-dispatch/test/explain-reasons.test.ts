import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DispatchExplanationOutput } from '@jit/contract/outputs/dispatch-explanation';
import { bundlePath } from '@jit/testkit/processes';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { WAIT_REASONS, type WaitReason } from '../src/planning/plan-cycle.ts';
import { createRepository, type Repository } from './repository.ts';
import { until } from './until.ts';

/** An issue that waits, and what the hint of its reason comes down to. */
interface Waiting {
  readonly id: string;
  readonly remedy: () => unknown;
}

interface Case {
  /** Besides agent `a`, which works until it is let go. */
  readonly settings?: string;
  readonly capacity?: number;
  readonly health?: string;
  /** Flags of `once` and `explain`. */
  readonly flags?: readonly string[];
  /** The next cycle itself ends the wait, after it decided. */
  readonly endsByItself?: boolean;
  /** The next cycle ends the wait before it decides. */
  readonly endsInCycle?: boolean;
  readonly arrange: (repository: Repository) => Promise<Waiting>;
}

const FAR = '2999-01-01T00:00:00.000Z';

/** Writes into the ledger what another command or cycle would have. */
function tell(repository: Repository, sql: string, ...values: unknown[]): void {
  const db = new Database(join(repository.root, '.jit-dispatch/test/ledger.db'));
  db.prepare(sql).run(...values);
  db.close();
}

/** The agent is at work at another issue; the remedy lets it end. */
async function behind(repository: Repository, ...flags: string[]): Promise<Waiting> {
  const busy = await repository.create('busy', ...flags);
  await repository.once();
  const id = await repository.create('waits', ...flags);
  return { id, remedy: () => writeFileSync(join(repository.root, `go-${busy}`), '') };
}

/** Nothing was ever dispatched, and a person changes the issue. */
const byHand =
  (change: readonly string[], back: readonly string[]): Case['arrange'] =>
  async (repository) => {
    const id = await repository.create('waits');
    const jit = ([word = '', ...more]: readonly string[]) =>
      repository.jit(['issue', word, id, ...more]);
    await jit(change);
    return { id, remedy: () => jit(back) };
  };

/** The ledger says something that keeps issues waiting. */
const byLedger =
  (insert: string, values: unknown[], remedy: string): Case['arrange'] =>
  async (repository) => {
    await repository.once();
    tell(repository, insert, ...values);
    const id = await repository.create('waits');
    return { id, remedy: () => tell(repository, remedy) };
  };

const HOLD = 'INSERT INTO holds VALUES (?, ?, ?, ?, NULL)';
const limit = (what: string) => `[[limits]]\n${what}\nmax = 1\n`;

/** Every reason there is: a new one without a row here is a type error. */
const CASES: Readonly<Record<WaitReason, Case>> = {
  already_running: {
    endsByItself: true,
    async arrange(repository) {
      const id = await repository.create('waits');
      await repository.crash({ JIT_DISPATCH_TEST_KILL_AT: 'created' });
      return { id, remedy: () => {} };
    },
  },
  label_filter: {
    settings: 'label_filter = ["ai-agent"]\n',
    async arrange(repository) {
      const id = await repository.create('waits');
      return {
        id,
        remedy: () => repository.jit(['issue', 'update', id, '--add-label', 'ai-agent']),
      };
    },
  },
  classifying: {
    settings: '[classification]\ncommand = "./classify"\n',
    endsInCycle: true,
    async arrange(repository) {
      repository.script('classify', '#!/bin/sh\necho \'{"class": "ai", "confidence": 1}\'\n');
      return { id: await repository.create('waits'), remedy: () => {} };
    },
  },
  classification_failed: {
    settings: '[classification]\ncommand = "./classify"\n',
    async arrange(repository) {
      repository.script('classify', '#!/bin/sh\nexit 3\n');
      const id = await repository.create('waits');
      await repository.once();
      return {
        id,
        remedy: () => repository.jit(['issue', 'update', id, '--add-label', 'class:ai']),
      };
    },
  },
  escalated: {
    async arrange(repository) {
      const id = await repository.create('waits', '-l', 'dispatch:escalated');
      return { id, remedy: () => repository.dispatch('dispatch', id) };
    },
  },
  held: {
    arrange: byHand(
      ['update', '--add-label', 'dispatch:held'],
      ['update', '--remove-label', 'dispatch:held'],
    ),
  },
  reserved: { arrange: byHand(['assign', 'ana'], ['unassign']) },
  claim_refused: {
    async arrange(repository) {
      const id = await repository.create('waits');
      const file = join(repository.root, `.jit/issues/${id}.json`);
      const edit = (from: string, to: string) =>
        writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
      // By hand: `jit` lists such an issue and changes nothing in it.
      edit('"waits"', '"waits\\nlonger"');
      await repository.once();
      return { id, remedy: () => edit('"waits\\nlonger"', '"waits"') };
    },
  },
  history_unknown: {
    async arrange(repository) {
      const id = await repository.create('waits');
      const { claim } = await repository.jit<{ claim: { token: string } }>([
        'issue',
        'claim',
        id,
        'ana',
      ]);
      await repository.jit(['issue', 'release', id, 'no time', '--claim', claim.token]);
      const jit = `exec "${process.execPath}" "${bundlePath('jit')}" "$@"`;
      const deaf = `if [ "$1" = batch ]; then sed 's/"events","query"/"events","nothing"/' | { ${jit}; }; else ${jit}; fi`;
      repository.script('bin/jit', `#!/bin/sh\n${deaf}\n`);
      return { id, remedy: () => repository.script('bin/jit', `#!/bin/sh\n${jit}\n`) };
    },
  },
  paused: {
    arrange: byLedger(
      HOLD,
      ['*', 'deploy', 'ana', '2026-11-20T10:00:00.000Z'],
      'DELETE FROM holds',
    ),
  },
  no_room_on_machine: {
    settings: '[admission]\nmin_free_disk_mb = 1000000000\nmin_free_disk_percent = 100\n',
    async arrange(repository) {
      const id = await repository.create('waits');
      const file = join(repository.root, 'dispatch.toml');
      const roomy = readFileSync(file, 'utf8').replace(/percent = 100/, 'percent = 0');
      return { id, remedy: () => writeFileSync(file, roomy) };
    },
  },
  max_issues: {
    flags: ['--max-issues', '0'],
    async arrange(repository) {
      return { id: await repository.create('waits'), remedy: () => {} };
    },
  },
  max_concurrent: {
    settings: 'max_concurrent = 1\n',
    capacity: 2,
    arrange: (repository) => behind(repository),
  },
  label_limit: {
    settings: limit('label = "area:db"'),
    capacity: 2,
    arrange: (repository) => behind(repository, '-l', 'area:db'),
  },
  state_limit: {
    settings: limit('state = "in_progress"'),
    capacity: 2,
    arrange: (repository) => behind(repository),
  },
  agents_full: { arrange: (repository) => behind(repository) },
  agents_resting: {
    arrange: byLedger(
      'INSERT INTO pauses VALUES (?, ?, ?)',
      ['a', FAR, 'limit'],
      'DELETE FROM pauses',
    ),
  },
  agents_unhealthy: {
    health: 'health = { command = "./check", interval_secs = 3600 }\n',
    async arrange(repository) {
      repository.script('check', '#!/bin/sh\ntest -e well\n');
      // Every `once` asks it.
      await repository.once();
      const id = await repository.create('waits');
      const remedy = () => {
        writeFileSync(join(repository.root, 'well'), '');
      };
      return { id, remedy };
    },
  },
  no_suitable_agent: {
    async arrange(repository) {
      const id = await repository.create('waits', '-l', 'role:reviewer');
      return {
        id,
        remedy: () => repository.jit(['issue', 'update', id, '--remove-label', 'role:reviewer']),
      };
    },
  },
  agents_paused: {
    arrange: byLedger(
      HOLD,
      ['agent:a', 'deploy', 'ana', '2026-11-20T10:00:00.000Z'],
      'DELETE FROM holds',
    ),
  },
};

const explained: string[] = [];
afterAll(() => {
  console.log(
    `${explained.length} of ${WAIT_REASONS.length} reasons to wait: explained as the next cycle decided, and over after the remedy`,
  );
});

test.each(WAIT_REASONS)(
  '%s is explained, is what the next cycle decides, and is over after the remedy',
  async (reason) => {
    const { settings = '', capacity = 1, health = '', flags = [], ...rest } = CASES[reason];
    const repository = await createRepository();
    repository.script('work', '#!/bin/sh\nuntil [ -e "go-$1" ]; do sleep 0.05; done\n');
    const command = 'command = "./work {issue_id}"\ncompletion = "exit"\n';
    repository.configure(
      `${settings}[[agents]]\nid = "a"\ncapacity = ${capacity}\n${command}${health}`,
    );
    const { id, remedy } = await rest.arrange(repository);

    const asked = await repository.dispatch('explain', id, '--json', ...flags);
    expect(asked, asked.stderr).toMatchObject({ exit: 0 });
    const explanation: DispatchExplanationOutput = JSON.parse(asked.stdout);
    expect(explanation).toMatchObject({ issue: id, verdict: 'waits', reason, place: { at: 1 } });
    expect(explanation.obstacles[0]?.reason).toBe(reason);
    expect(explanation.next).toHaveLength(1);

    const cycle = await repository.once(...flags);
    if (rest.endsInCycle) {
      expect(cycle.started).toMatchObject([{ issue: id }]);
      explained.push(reason);
      return;
    }
    expect(cycle.decisions).toMatchObject([{ issue: id, action: 'wait', reason }]);
    // The disk fills and empties from one look to the next.
    const steady = (text = '') => text.replace(/^\d+ MB free/, 'some MB free');
    expect(steady(cycle.decisions[0]?.detail)).toBe(steady(explanation.decision?.detail));
    expect(cycle.started).toHaveLength(rest.endsByItself ? 1 : 0);
    await remedy();
    await until('it is started', async () => {
      const { started } = await repository.once();
      if (started.some(({ issue }) => issue === id)) return true;
      const runs = await repository.runs('--all', '--issue', id);
      return runs.some(({ started_at }) => started_at !== null);
    });
    explained.push(reason);
  },
);
