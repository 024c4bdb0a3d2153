import { describe, expect, test } from 'vitest';
import { someAgent } from '../../../test/samples.ts';
import { buildSpec } from './build-spec.ts';

const agent = someAgent({
  id: 'copilot-1',
  argv: ['agent', '--issue={issue_id}', '{agent_id}', '{run_id}'],
  env: { MODE: 'fast', JIT_CLAIM: 'mine' },
  passEnv: ['API_KEY'],
});
const subject = {
  run: 'r1',
  issue: 'i1',
  attempt: 2,
  token: 'secret',
  leasedAtMs: 5,
  issueJson: '{"title":"$(rm -rf /) --help"}',
  feedback: null,
  prompt: null,
  workspace: null,
  taskType: null,
  earlier: null,
};
const place = {
  cwd: '/repo',
  jitDir: '/repo/.jit',
  path: null,
  tracker: { argv: ['jit'], suffix: [], cwd: '/repo', env: {} },
  runFolder: '/runs/r1',
  dispatcher: 'test',
  envoyFile: '/dist/envoy.js',
  leaseSecs: 600,
  stopGraceSecs: 10,
};

test('ids are filled into the arguments', () => {
  const { spec } = buildSpec(agent, subject, place);
  expect(spec.argv).toEqual(['agent', '--issue=i1', 'copilot-1', 'r1']);
  expect(spec.cwd).toBe('/repo');
});

test('an agent is told what it works on; its configuration cannot say otherwise', () => {
  const { spec } = buildSpec(agent, subject, place);
  expect(spec.env).toEqual({
    MODE: 'fast',
    JIT_ISSUE_ID: 'i1',
    JIT_AGENT_ID: 'copilot-1',
    JIT_RUN_ID: 'r1',
    JIT_CLAIM: 'secret',
    JIT_HEARTBEAT_FILE: '/runs/r1/heartbeat',
    JIT_DIR: '/repo/.jit',
  });
  expect(spec.pass_env).toContain('API_KEY');
  expect(spec.pass_env).toContain('PATH');
});

test('a tracker on another machine has no folder here', () => {
  const { spec } = buildSpec(agent, subject, { ...place, jitDir: null });
  expect(spec.env).not.toHaveProperty('JIT_DIR');
});

test('the issue is handed over as asked for, never in an argument', () => {
  const stdin = buildSpec({ ...agent, issueJson: 'stdin' }, subject, place);
  expect(stdin.spec.stdin).toBe(`${subject.issueJson}\n`);
  const file = buildSpec({ ...agent, issueJson: 'file' }, subject, place);
  expect(file.files).toEqual({ 'issue.json': `${subject.issueJson}\n` });
  expect(file.spec.env.JIT_ISSUE_FILE).toBe('/runs/r1/issue.json');
  const env = buildSpec({ ...agent, issueJson: 'env' }, subject, place);
  expect(env.spec.env.JIT_ISSUE_JSON).toBe(subject.issueJson);
  for (const { spec } of [stdin, file, env]) expect(spec.argv.join(' ')).not.toContain('rm -rf');
});

test('what failed before is a file of the run, and only where there is something', () => {
  const { spec, files } = buildSpec(agent, { ...subject, feedback: 'it failed' }, place);
  expect(spec.env.JIT_FEEDBACK_FILE).toBe('/runs/r1/feedback.txt');
  expect(files).toEqual({ 'feedback.txt': 'it failed' });
  expect(buildSpec(agent, subject, place).spec.env).not.toHaveProperty('JIT_FEEDBACK_FILE');
});

test('the prompt is handed over as asked for, always as a file, never in an argument', () => {
  const prompted = { ...subject, prompt: 'Do it; rm -rf /' };
  const of = (prompt: 'stdin' | 'file' | 'env', text = prompted.prompt) =>
    buildSpec({ ...agent, prompt }, { ...prompted, prompt: text }, place);
  for (const kind of ['stdin', 'file', 'env'] as const) {
    const { spec, files } = of(kind);
    expect(files).toEqual({ 'prompt.md': prompted.prompt });
    expect(spec.env.JIT_PROMPT_FILE).toBe('/runs/r1/prompt.md');
    expect(spec.env.JIT_PROMPT).toBe(kind === 'env' ? prompted.prompt : undefined);
    expect(spec.stdin).toBe(kind === 'stdin' ? prompted.prompt : null);
    expect(spec.argv.join(' ')).not.toContain('rm -rf');
  }
  expect(of('env', 'x'.repeat(130_000)).spec.env.JIT_PROMPT).toHaveLength(130_000);
  expect(of('env', 'x'.repeat(131_072)).spec.env).not.toHaveProperty('JIT_PROMPT');
});

test('an agent is told what its work was taken for, where somebody said', () => {
  const typed = buildSpec(agent, { ...subject, taskType: 'refactoring' }, place);
  expect(typed.spec.env.JIT_TASK_TYPE).toBe('refactoring');
  expect(buildSpec(agent, subject, place).spec.env).not.toHaveProperty('JIT_TASK_TYPE');
});

describe('an agent that works elsewhere', () => {
  const settings = {
    url: 'http://127.0.0.1/work',
    token: { env: 'AGENT_TOKEN' },
    accept: [202],
    callback: true,
    pollUrl: null,
    cancelUrl: null,
    pollSecs: 60,
    timeoutSecs: 30,
  };
  const http = someAgent({ kind: 'http', outside: { kind: 'http', settings }, argv: [] });
  const human = someAgent({
    kind: 'human',
    outside: { kind: 'human', settings: { notify: null, pollSecs: 60 } },
    argv: [],
    timeLimitSecs: 0,
  });

  test('is stood for by its envoy, which is told the task on stdin and given its token', () => {
    const { spec } = buildSpec(http, { ...subject, prompt: 'Do it' }, place);
    expect(spec.argv).toEqual([process.execPath, '/dist/envoy.js']);
    expect(spec.pass_env).toContain('AGENT_TOKEN');
    expect(spec.secrets).toContain('AGENT_TOKEN');
    const task: unknown = JSON.parse(spec.stdin ?? '');
    expect(task).toMatchObject({ run: 'r1', title: '$(rm -rf /) --help', prompt: 'Do it' });
    expect(spec.argv.join(' ')).not.toContain('rm -rf');
    expect(spec.ttl_secs).toBe(600);
  });

  test('and is a person has no lease and no time limit', () => {
    const { spec } = buildSpec(human, subject, place);
    expect([spec.ttl_secs, spec.time_limit_secs]).toEqual([null, 0]);
  });

  test('with a tracker elsewhere has what the way there may need, but for sessions', () => {
    const passed = (kind: 'human' | 'copilot-sdk') =>
      buildSpec({ ...human, kind }, subject, { ...place, jitDir: null }).spec.pass_env;
    expect(passed('human')).toContain('*');
    expect(passed('copilot-sdk')).not.toContain('*');
  });
});
