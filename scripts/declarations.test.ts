// What programs see of the library: up to date, and enough for one that has nothing else installed.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { declarationsOf, LIBRARY } from './declarations.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

test('the declarations are those of the sources; else: node scripts/declarations.mjs', () => {
  const kept = readFileSync(join(root, LIBRARY.declarations), 'utf8');
  expect(kept === declarationsOf(LIBRARY.entry), 'run: node scripts/declarations.mjs').toBe(true);
});

const CONSUMER = `
import { createDispatcher, DISPATCH_CODES, JitError, type AgentObject, type RunOutput } from 'jit-dispatch';

const agent: AgentObject = {
  id: 'me',
  capacity: 2,
  async run(task, { signal, log, heartbeat }) {
    log(task.issue.title.toUpperCase());
    heartbeat();
    return { done: !signal.aborted };
  },
};
const dispatcher = createDispatcher({ max_concurrent: 2, agents: [agent, { id: 'b', command: ['true'] }] });
const off: () => void = dispatcher.on('completed', ({ event, run }) => {
  const word: 'completed' = event;
  const text: string | null = run;
  return void [word, text];
});
// @ts-expect-error: no such event
dispatcher.on('complete', () => {});
// @ts-expect-error: no such key
createDispatcher({ max_concurent: 2, agents: [agent] });
// @ts-expect-error: a number
await dispatcher.dispatch({ issue: '7kq2', tokenBudget: 'many' });

const { successful, failed } = await dispatcher.dispatchBatch(['7kq2', { issue: 'p3wd', class: 'ai' }]);
const codes: string[] = failed.map(({ error }) => error.code);
const states = successful.map(({ state }) => state);
const runs: RunOutput[] = await dispatcher.sessions({ agent: 'me' });
const live: number = (await dispatcher.activeCount()) + runs.length;
try {
  await dispatcher.reassign('7kq2', 'b', { reason: 'faster' });
} catch (error) {
  if (!(error instanceof JitError)) throw error;
  const { number } = DISPATCH_CODES.AGENT_UNAVAILABLE;
  const same: boolean = error.details.dispatch_code === number;
  void same;
}
off();
export const all: unknown[] = [codes, states, live];
`;

test('a program that has only the package type-checks, and its mistakes are found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jit-consumer-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const packed = join(folder, 'node_modules/jit-dispatch');
  mkdirSync(join(packed, 'dist'), { recursive: true });
  cpSync(join(root, 'packages/jit-dispatch/package.json'), join(packed, 'package.json'));
  cpSync(join(root, LIBRARY.declarations), join(packed, 'dist/index.d.ts'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const lib = ['--lib', 'es2023,dom', '--target', 'es2023', '--module', 'nodenext'];
  const { stdout, status } = spawnSync(
    process.execPath,
    [tsc, '--noEmit', '--strict', '--exactOptionalPropertyTypes', ...lib, 'consumer.ts'],
    { cwd: folder, encoding: 'utf8' },
  );
  expect(stdout).toBe('');
  expect(status).toBe(0);
});
