import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, jitJson, runBundle } from '@jit/testkit/processes';
import { expect, onTestFinished, test } from 'vitest';
import { fileOf, project } from './test-tools.ts';

test('the agent behind an address does what it is posted', async () => {
  const { folder } = await project();
  const agent = spawn(process.execPath, [fileOf('examples/agents/http-agent.mjs')], {
    env: { ...cleanEnv(), AGENT_TOKEN: 'secret-of-agent', PORT: '0', WORK_SECS: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void agent.kill('SIGKILL'));
  const [line] = await new Promise<string[]>((resolve) =>
    agent.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.split('\n'))),
  );
  writeFileSync(
    join(folder, 'dispatch.toml'),
    `name = "example"
[[agents]]
id = "api-1"
kind = "http"
[agents.http]
url = "${line}"
poll_url = "${line}/{run_id}"
cancel_url = "${line}/{run_id}"
token_env = "AGENT_TOKEN"
poll_secs = 0.1
`,
  );
  const options = { cwd: folder, env: { AGENT_TOKEN: 'secret-of-agent' } };
  const { id } = await jitJson<{ id: string }>(
    ['issue', 'create', '-t', 'Ring the anvil'],
    options,
  );
  const stateOf = async () =>
    (await jitJson<{ state: string }>(['issue', 'show', id], options)).state;
  for (let tries = 0; (await stateOf()) !== 'done' && tries < 100; tries += 1) {
    const once = await runBundle('jit-dispatch', ['once', '--json'], options);
    expect(once, once.stderr).toMatchObject({ exit: 0 });
  }
  expect(await stateOf()).toBe('done');
});
