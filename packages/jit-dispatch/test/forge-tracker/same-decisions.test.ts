import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CycleOutput } from '@jit/contract/outputs/dispatch';
import { runBundle } from '@jit/testkit/processes';
import { expect, test } from 'vitest';
import { AGENT_KINDS } from '../../src/config/agent-kinds.ts';
import { findMarked } from '../../src/keeper/identity.ts';
import { startServer } from '../http-server.ts';
import { library } from '../library.ts';
import { until } from '../until.ts';
import { FORTY_ISSUES } from './forty-issues.ts';
import { claimCall, TOKEN } from './open-tracker.ts';
import { openPlaces, type Place } from './three-trackers.ts';

const RULES = `[risk]
map = "risk-map.json"
[[limits]]
label = "area:db"
max = 1
`;
const RISKS = '{"keywords": {"auth*": 8}, "paths": {"src/pay/**": 9}, "default": 3}';

/** One agent of each kind, and some that differ in what they may have. */
const AGENTS = `[[agents]]
id = "coder"
command = "true"
capacity = 4
skills = ["rust"]
strengths = ["routine_coding", "refactoring"]
[[agents]]
id = "api"
kind = "http"
capacity = 3
capabilities = ["ci"]
strengths = ["research", "analysis"]
[agents.http]
url = "http://127.0.0.1:9/work"
[[agents]]
id = "claude"
kind = "github-label"
capacity = 3
role = "reviewer"
strengths = ["code_review", "architecture"]
[agents.label]
name = "claude-ready"
[[agents]]
id = "tea"
kind = "gitea-label"
capacity = 2
tags = ["docs", "planning"]
strengths = ["planning", "triage"]
[agents.label]
name = "tea-ready"
[[agents]]
id = "actions"
kind = "github-actions"
capacity = 3
skills = ["rust", "c"]
capabilities = ["ci"]
strengths = ["parallel_implementation"]
[agents.workflow]
file = "work.yml"
[[agents]]
id = "copilot"
kind = "copilot-sdk"
capacity = 4
strengths = ["fast_iteration", "creative"]
[[agents]]
id = "ops"
command = "true"
class = "hybrid"
high_risk = true
capacity = 2
capabilities = ["deploy"]
[[agents]]
id = "ana"
kind = "human"
class = "human"
high_risk = true
capacity = 2
`;

const STRATEGIES = ['best-match', 'round-robin', 'random', 'least-loaded', 'only:coder'] as const;

/** What happened before: failures, a claim of another dispatcher, a rest, and wishes. */
async function live({ tracker }: Place): Promise<void> {
  const failed = (issue: string, agent: string, tries: number) =>
    Array.from({ length: tries }, (_, at) => {
      const token = `${issue}-${at}`.padStart(32, '0');
      const release = { reason: 'no luck', failed: 'agent', deferSecs: null } as const;
      return [
        claimCall(issue, token, { agent }),
        { do: 'release', issue, token, ...release } as const,
      ];
    }).flat();
  const wish = (issue: string, key: string, value: string) =>
    ({ do: 'admit', issue, metadata: { [`dispatch.${key}`]: value } }) as const;
  // One after the other: whose turn it was is part of what is seen.
  for (const calls of [
    failed('12', 'actions', 1),
    failed('6', 'api', 3),
    [
      claimCall('14', TOKEN, { agent: 'actions' }),
      { do: 'defer', issue: '25', until: '2099-01-01T00:00:00.000Z' } as const,
      wish('13', 'prefer', 'api'),
      wish('15', 'exclude', 'coder,copilot'),
      wish('17', 'task_type', 'planning'),
      wish('40', 'max_attempts', 'many'),
    ],
  ])
    for (const answer of await tracker.call(calls))
      expect(answer, JSON.stringify(answer)).toMatchObject({ is: 'ok' });
}

/** The same for all places, but for whose issues are dispatched. */
function configure({ kind, root }: Place, name: string, tables: string): void {
  const top = `name = "${name}"\nlabel_filter = ["ai"]\nmax_concurrent = 18\n`;
  const tracker = `[tracker]\nkind = "${kind}"\n`;
  writeFileSync(join(root, `${name}.toml`), `${top}${tracker}${tables}`);
}

/** Without the size of the text: where criteria are part of it, it is longer. */
function comparable({ decisions }: CycleOutput) {
  return decisions.map(({ record, ...rest }) => ({
    ...rest,
    record: record && { ...record, text_tokens: null },
  }));
}

test(`the same ${FORTY_ISSUES.length} issues get the same decisions in jit, GitHub and Gitea, by every strategy and agents of every kind`, async () => {
  const { places, tables } = await openPlaces(FORTY_ISSUES);
  const plans = await Promise.all(
    places.map(async (place) => {
      await live(place);
      const { root, env } = place;
      writeFileSync(join(root, 'risk-map.json'), RISKS);
      configure(place, 'plan', `${tables}${RULES}${AGENTS}`);
      const dispatcher = library.createDispatcher('plan.toml', { folder: root, environment: env });
      const cycles = [];
      for (const strategy of STRATEGIES)
        cycles.push(comparable(await dispatcher.once({ dryRun: true, strategy, seed: 7 })));
      await dispatcher.close();
      return cycles;
    }),
  );
  const [byJit = [], ...byForges] = plans;
  // A forge is asked for issues with the label only, so nothing is said of the others.
  const unwanted = FORTY_ISSUES.flatMap(({ isUnwanted, title }) => (isUnwanted ? title : []));
  for (const cycle of byJit) {
    const left = cycle.filter(({ reason }) => reason === 'label_filter');
    expect(left.map(({ title }) => title).toSorted()).toEqual(unwanted.toSorted());
  }
  const wanted = byJit.map((cycle) => cycle.filter(({ reason }) => reason !== 'label_filter'));
  for (const cycles of byForges) expect(cycles).toEqual(wanted);

  // Otherwise little was shown: every agent and every reason comes up, and strategies differ.
  const all = wanted.flat();
  const chosen = new Set(all.flatMap(({ agent }) => agent ?? []));
  expect([...chosen].toSorted()).toEqual(
    ['actions', 'ana', 'api', 'claude', 'coder', 'copilot', 'ops', 'tea'].toSorted(),
  );
  const reasons = new Set(all.map(({ reason }) => reason));
  expect([...reasons].toSorted()).toEqual([
    ...['agents_full', 'chosen', 'escalated', 'held', 'high_risk', 'label_limit'],
    ...['max_concurrent', 'no_suitable_agent', 'reserved'],
  ]);
  const agents = wanted.map((cycle) => JSON.stringify(cycle.map(({ agent }) => agent)));
  expect(new Set(agents).size).toBe(STRATEGIES.length);
  const count = plans.flat(2).length;
  console.log(
    `${FORTY_ISSUES.length} issues × ${STRATEGIES.length} strategies × ${places.length} trackers, agents of ${AGENT_KINDS.length} kinds: ${count} decisions, the same`,
  );
});

/** Three agents that end at once: two programs, and one behind an address. */
const quickAgents = (url: string) => `[retry]
first_secs = 0
[[agents]]
id = "hand"
command = "true"
completion = "exit"
capacity = 2
strengths = ["routine_coding", "architecture"]
[[agents]]
id = "web"
kind = "http"
capacity = 2
strengths = ["complex_reasoning", "planning"]
[agents.http]
url = "${url}"
poll_url = "${url}/{run_id}"
poll_secs = 0.05
[[agents]]
id = "other"
command = ["true", "{agent_id}"]
completion = "exit"
capacity = 2
`;

/** How many issues are started by which strategy, each time after all agents of the cycle before have ended. */
const CYCLES = [
  ['best-match', 3],
  ['round-robin', 2],
  ['round-robin', 1],
] as const;

test('the same issues are started, with the same agents and words, settled, and go on in turns', async () => {
  const { places, tables } = await openPlaces(FORTY_ISSUES);
  const stories = await Promise.all(
    places.map(async (place) => {
      const { root, env } = place;
      const { url, got } = await startServer(({ method }, response) => {
        response.writeHead(method === 'POST' ? 202 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(method === 'POST' ? {} : { status: 'done' }));
      });
      configure(place, 'real', `${tables}${quickAgents(url)}`);
      const cycles = [];
      for (const [strategy, count] of CYCLES) {
        const how = ['--strategy', strategy, '--max-issues', String(count)];
        const argv = ['once', '--config', 'real.toml', '--json', ...how];
        const done = await runBundle('jit-dispatch', argv, { cwd: root, env });
        expect(done, `${done.stdout}${done.stderr}`).toMatchObject({ exit: 0 });
        const { started, settled } = JSON.parse(done.stdout) as CycleOutput;
        cycles.push({
          started: started.map(({ issue, title, agent, attempt }) => [
            issue,
            title,
            agent,
            attempt,
          ]),
          settled: settled
            .map(({ issue, agent, state }) => `${issue} ${agent} ${state}`)
            .toSorted(),
        });
        await until(
          'all agents and keepers have ended',
          () => findMarked('JIT_TEST_ROOT', root).length === 0,
        );
      }
      const told = got
        .filter(({ method }) => method === 'POST')
        .map(({ body }) => JSON.parse(body))
        .map(({ issue_id, title, acceptance_criteria, task_type, priority, attempt }) => ({
          ...{ issue_id, title, acceptance_criteria, task_type, priority, attempt },
        }));
      return { cycles, told: told.toSorted((a, b) => a.issue_id - b.issue_id) };
    }),
  );
  const [byJit, ...byForges] = stories;
  for (const story of byForges) expect(story).toEqual(byJit);
  const starts = byJit?.cycles.flatMap(({ started }) => started) ?? [];
  expect(starts).toHaveLength(6);
  const ends = byJit?.cycles.flatMap(({ settled }) => settled) ?? [];
  expect(ends.toSorted()).toEqual(
    starts
      .slice(0, 5)
      .map(([issue, , agent]) => `${issue} ${agent} completed`)
      .toSorted(),
  );
  const shown = starts.map(([issue, , agent]) => `${issue} ${agent}`).join(', ');
  console.log(`${starts.length} starts in each of ${places.length} trackers, the same: ${shown}`);
});
