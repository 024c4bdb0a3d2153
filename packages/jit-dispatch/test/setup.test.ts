import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigCheckOutput, DoctorOutput } from '@jit/contract/outputs/dispatch-setup';
import { OUTPUTS } from '@jit/contract/outputs/registry';
import { describe, expect, test } from 'vitest';
import { createRepository } from './repository.ts';

test('init writes a configuration that is good, for what it finds, and never over another', async () => {
  const repository = await createRepository();
  repository.script('bin/codex', '#!/bin/sh\n');
  const file = join(repository.root, 'dispatch.toml');
  const made = await repository.dispatch('init', '--json');
  expect(made).toMatchObject({ exit: 0 });
  const answer = OUTPUTS.ConfigWritten?.parse(JSON.parse(made.stdout)) as {
    repository: string;
    found: string[];
  };
  expect(answer.repository).toBe(join(repository.root, '.jit'));
  expect(answer.found).toContain('codex');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('# codex, on PATH here');
  expect(await repository.dispatch('check-config')).toMatchObject({
    exit: 0,
    stdout: `${file} is good\n`,
    stderr: '',
  });
  const again = await repository.dispatch('init', '--json');
  expect(again.exit).toBe(6);
  expect(JSON.parse(again.stdout).error).toMatchObject({ code: 'CONFIG_EXISTS' });
  expect(readFileSync(file, 'utf8')).toBe(text);
  // Each choice is good when its "#" is taken away.
  const chosen = text.replace(/^# (\[\[agents|id =|command =|prompt =)/gm, '$1');
  writeFileSync(file, chosen);
  const { exit, stdout } = await repository.dispatch('check-config', '--effective', '--json');
  expect(exit, stdout).toBe(0);
  expect(JSON.parse(stdout).effective.agents).toHaveLength(5);
});

describe('check-config', () => {
  const check = async (text: string, ...flags: string[]) => {
    const repository = await createRepository();
    writeFileSync(join(repository.root, 'dispatch.toml'), text);
    const { exit, stdout } = await repository.dispatch('check-config', '--json', ...flags);
    return { exit, answer: JSON.parse(stdout) as ConfigCheckOutput };
  };
  const AGENT = '[[agents]]\nid = "a"\ncommand = "true"\n';

  test('tells every problem and every unknown key with line and key, in old and new tables', async () => {
    const { exit, answer } = await check(`max_concurent = 3
[workspace]
kind = "tree"
[workspace.hooks]
creat = "true"
[[limits]]
max = 1
[[limits]]
label = "area:db"
maximum = 1
max = -1
${AGENT}health = { comand = "true", url = "ftp://x" }
[agents.stall]
warn_sec = 5
${AGENT}`);
    expect(exit).toBe(4);
    expect(answer.ok).toBe(false);
    expect(answer.problems.map(({ line, key }) => `${line} ${key}`)).toEqual([
      '3 workspace.kind',
      '11 limits[1].max',
      '15 agents[0].health.url',
    ]);
    expect(answer.warnings.map(({ line, key, message }) => `${line} ${key}: ${message}`)).toEqual([
      "1 max_concurent: unknown key, ignored; did you mean 'max_concurrent'?",
      "5 workspace.hooks.creat: unknown key, ignored; did you mean 'create'?",
      expect.stringMatching(/^10 limits\[1\]\.maximum: unknown key/),
      "15 agents[0].health.comand: unknown key, ignored; did you mean 'command'?",
      "17 agents[0].stall.warn_sec: unknown key, ignored; did you mean 'warn_secs'?",
    ]);
  });

  test('tells an id that is used twice, and limits and checks that say too little or too much', async () => {
    const { answer } = await check(`[[limits]]
max = 1
${AGENT}health = { command = "true", url = "http://localhost/" }
${AGENT}`);
    expect(answer.problems.map(({ line, key, message }) => `${line} ${key}: ${message}`)).toEqual([
      '1 limits[0]: needs label or state',
      '6 agents[0].health: has both, and needs command or url',
      '8 agents[1].id: a is agents[0] already',
    ]);
  });

  test('shows what is in effect, without what may be secret', async () => {
    const { exit, answer } = await check(
      `${AGENT}env = { KEY = "hunter2" }\n[[notify]]\nurl = "https://host/hunter2"\n`,
      '--effective',
    );
    expect(exit).toBe(0);
    expect(answer.effective).toMatchObject({
      max_concurrent: 10,
      qa: { gates: true },
      agents: [{ id: 'a', env: { KEY: '[hidden]' } }],
      notify: [{ url: 'https://host/[hidden]' }],
    });
  });

  test('names what is no TOML, and a file that is not there', async () => {
    expect(await check('agents = [\n')).toMatchObject({ exit: 4, answer: { ok: false } });
    const repository = await createRepository();
    const { exit, stdout } = await repository.dispatch('check-config', '--json');
    expect(exit).toBe(3);
    expect(JSON.parse(stdout).error.code).toBe('CONFIG_NOT_FOUND');
  });
});

test('doctor says what is well, what is not and what to do, and fails when something failed', async () => {
  const repository = await createRepository();
  await repository.create('Work');
  repository.script('ill', '#!/bin/sh\necho no quota\nexit 1\n');
  const doctor = async () => {
    const { exit, stdout } = await repository.dispatch('doctor', '--json');
    const answer = OUTPUTS.Doctor?.parse(JSON.parse(stdout)) as DoctorOutput;
    return { exit, answer };
  };
  const admission = '[admission]\nmin_free_disk_mb = 0\n';
  repository.configure(`${admission}[[agents]]\nid = "a"\ncommand = "true"\n`);
  const sound = await doctor();
  expect(sound).toMatchObject({ exit: 0, answer: { ok: true } });
  const details = (answer: DoctorOutput, check: string) =>
    answer.checks.filter((each) => each.check === check).map(({ detail }) => detail);
  expect(details(sound.answer, 'tracker')).toEqual([
    expect.stringMatching(/\.jit, jit \d+\.\d+\.\d+.*, 1 ready$/),
  ]);
  await repository.once();
  repository.configure(`${admission}[workspace]\nkind = "worktree"
[[agents]]\nid = "a"\ncommand = "./missing"\npass_env = ["NO_SUCH_KEY"]
[[agents]]\nid = "b"\ncommand = "no-such-program"\nhealth = { command = "./ill" }\n`);
  writeFileSync(join(repository.root, '.jit-dispatch/test/ledger.db'), 'no database at all');
  const ill = await doctor();
  expect(ill.exit).toBe(10);
  const failed = ill.answer.checks.filter(({ result }) => result === 'failed');
  expect(failed.map(({ check, detail }) => `${check}: ${detail}`)).toEqual([
    expect.stringMatching(/^agent a: .*missing is not there, or can not be started$/),
    'agent b: no-such-program is not on PATH',
    'agent b: health: ended with exit 1: no quota',
    expect.stringMatching(/^workspace: git worktree: /),
    expect.stringMatching(/^ledger: /),
  ]);
  expect(failed.every(({ next }) => next !== null)).toBe(true);
  expect(ill.answer.checks).toContainEqual(
    expect.objectContaining({
      result: 'warning',
      detail: 'pass_env: NO_SUCH_KEY is not set here',
    }),
  );
  rmSync(join(repository.root, '.jit'), { recursive: true });
  repository.configure('watch = "maybe"\n');
  const broken = await doctor();
  expect(broken.exit).toBe(10);
  expect(broken.answer.checks[0]).toMatchObject({ check: 'configuration', result: 'failed' });
  expect(broken.answer.checks.length).toBeGreaterThan(1);
});

test('schema needs no configuration and describes commands, codes and dispatch.toml', async () => {
  const repository = await createRepository();
  mkdirSync(join(repository.root, 'empty'));
  const ask = async (...words: string[]) => {
    const { exit, stdout } = await repository.dispatch('schema', ...words, '--json');
    return { exit, schema: JSON.parse(stdout) };
  };
  const { exit, schema } = await ask();
  expect(exit).toBe(0);
  expect(schema['x-commands'].once).toMatchObject({
    $ref: '#/$defs/Cycle',
    flags: { 'dry-run': { type: 'boolean' } },
  });
  expect(schema['x-exit-codes']).toMatchObject({ usage: 2, external: 10 });
  expect(schema['x-dispatch-codes'].ALREADY_DISPATCHED.number).toBe('E13306');
  const config = await ask('dispatch.toml');
  expect(config.schema.$defs.DispatchFile.properties.max_concurrent).toMatchObject({
    type: 'integer',
    default: 10,
  });
  expect(schema['x-config']).toEqual(config.schema);
  expect((await ask('doctor')).schema.title).toBe('jit-dispatch doctor');
  expect(await ask('docter')).toMatchObject({
    exit: 2,
    schema: { error: { details: { nearest: 'doctor' } } },
  });
});
