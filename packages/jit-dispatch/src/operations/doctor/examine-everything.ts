import { JitError } from '@jit/contract/errors';
import type { DoctorOutput } from '@jit/contract/outputs/dispatch-setup';
import type { Workbench } from '../../workbench/workbench.ts';
import { type Check, guarded } from './check.ts';
import { checkAgents } from './check-agents.ts';
import { checkMachine, checkRoom } from './check-machine.ts';
import { checkDaemon, checkTrackers, checkWorkspace } from './check-work.ts';

/** Checks everything that dispatching needs. It starts no agent and changes nothing; what is wrong is in the answer. */
export async function examineEverything(workbench: Workbench): Promise<DoctorOutput> {
  const { loaded, file } = workbench.setup;
  const machine = await guarded('machine', () => checkMachine());
  if (loaded instanceof JitError) {
    const failed: Check = {
      check: 'configuration',
      result: 'failed',
      detail: loaded.message,
      next: loaded.hint ?? `correct ${file}`,
    };
    return { ok: false, checks: [failed, ...machine] };
  }
  const known = loaded.warnings.length === 0;
  const configuration: Check = {
    check: 'configuration',
    result: known ? 'ok' : 'warning',
    detail: known ? file : loaded.warnings.join('; '),
    next: known ? null : 'correct the keys: they do nothing as they are',
  };
  // At the same time: a tracker or a health check may take as long as its limit.
  const groups = await Promise.all([
    guarded('tracker', () => checkTrackers(workbench)),
    guarded('agents', () => checkAgents(workbench)),
    guarded('workspace', () => checkWorkspace(workbench)),
    guarded('disk', () => checkRoom(workbench.config)),
    guarded('ledger', () => checkDaemon(workbench)),
  ]);
  const checks = [configuration, ...groups.flat(), ...machine];
  return { ok: checks.every(({ result }) => result !== 'failed'), checks };
}
