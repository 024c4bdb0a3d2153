import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { cleanEnv, jitJson } from '@jit/testkit/processes';
import { expect, onTestFinished, test } from 'vitest';
import { blocksOf, has, project } from './test-tools.ts';

const PAGE = 'examples/integration-patterns.md';
const hasBash = has('bash', '-c', 'true');
const hasPython = has('python3', '-c', 'import sys; sys.exit(sys.version_info < (3, 8))');
const SECRET = 'test';

test.skipIf(!hasBash)('every bash block can be read by bash', () => {
  const blocks = blocksOf(PAGE, 'bash');
  expect(blocks.length).toBeGreaterThan(0);
  for (const input of blocks)
    expect(spawnSync('bash', ['-n'], { input, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
});

test.skipIf(!hasBash)('the loop over repositories goes on after one that fails', async () => {
  const { folder, env } = await project();
  const script = blocksOf(PAGE, 'bash').find((block) => block.includes('dispatch-all.sh'));
  writeFileSync(join(folder, 'dispatch.toml'), '[[agents]]\nid = "a"\ncommand = "true"\n');
  const ended = spawnSync('bash', ['-s', join(folder, 'nowhere'), folder], {
    cwd: folder,
    input: script,
    env: cleanEnv(env),
    encoding: 'utf8',
  });
  expect(ended.status).toBe(1);
  expect(ended.stdout).toContain('0 ready, 0 started');
});

test.skipIf(!hasPython)('the webhook makes one issue of a delivery that comes twice', async () => {
  const { folder, env } = await project();
  const port = await freePort();
  const script = join(folder, 'webhook.py');
  writeFileSync(script, blocksOf(PAGE, 'python').join('\n'));
  const hook = spawn('python3', [script], {
    cwd: folder,
    env: cleanEnv({ ...env, WEBHOOK_SECRET: SECRET, PORT: String(port) }),
    stdio: 'ignore',
  });
  onTestFinished(async () => {
    hook.kill();
    await once(hook, 'exit');
  });
  const issue = {
    number: 7,
    title: '--json $(touch pwned)',
    body: 'Quotes: " \' `',
    html_url: 'http://localhost/7',
  };
  const body = JSON.stringify({ action: 'opened', issue });
  const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
  const post = async (signed: string): Promise<number> => {
    const headers = { 'X-Hub-Signature-256': signed };
    return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body })).status;
  };
  await expect
    .poll(() => post('sha256=wrong').catch(() => 0), { timeout: 10_000, interval: 100 })
    .toBe(401);
  expect([await post(signature), await post(signature)]).toEqual([201, 200]);
  const made = await jitJson<{ id: string; title: string }[]>(['query', 'all'], { cwd: folder });
  expect(made).toMatchObject([{ title: issue.title, labels: ['github:7'] }]);
  const [first] = made;
  const whole = await jitJson(['issue', 'show', first?.id ?? ''], { cwd: folder });
  expect(whole).toMatchObject({ description: issue.body, links: { github: issue.html_url } });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
