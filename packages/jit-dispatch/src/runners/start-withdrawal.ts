import { spawn } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentEnvironment } from '../keeper/start-agent.ts';
import type { KeeperSpec } from '../run-records.ts';
import { readAssignment } from './read-run.ts';

const FILE = 'withdrawal.json';

/** Starts the envoy of an ended run once more, to take back what it left elsewhere. It outlives this process. */
export function startWithdrawal(
  folder: string,
  spec: KeeperSpec,
  environment: NodeJS.ProcessEnv,
): void {
  const [program = '', ...args] = spec.argv;
  const task: object = JSON.parse(spec.stdin ?? '{}');
  const path = join(folder, FILE);
  writeFileSync(path, JSON.stringify({ ...task, earlier: readAssignment(folder) }), {
    mode: 0o600,
  });
  const input = openSync(path, 'r');
  // Without the marker: what carries that of an ended run is stopped. The claim is not its own any more.
  const { JIT_RUN_ID: _, JIT_CLAIM: __, ...env } = agentEnvironment(spec, environment);
  const child = spawn(program, [...args, 'withdraw'], {
    cwd: folder,
    env,
    stdio: [input, 'ignore', 'ignore'],
    detached: true,
  });
  child.once('error', () => {});
  child.unref();
  closeSync(input);
}
