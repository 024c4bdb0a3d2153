import type { Style } from '@jit/cli-kit/style';
import { JitError } from '@jit/contract/errors';
import type { DoctorOutput } from '@jit/contract/outputs/dispatch-setup';
import { defineCommand } from '../context.ts';
import { oneLine } from '../views/one-line.ts';
import { checkAgents } from './_doctor-agents.ts';
import { type Check, guarded } from './_doctor-check.ts';
import { checkMachine, checkRoom } from './_doctor-machine.ts';
import { checkDaemon, checkTrackers, checkWorkspace } from './_doctor-work.ts';

export const doctor = defineCommand({
  path: 'doctor',
  summary: 'Check everything that dispatching needs',
  description:
    'Configuration, tracker, agents and their health, git, disk, clock, ledger and the machine. It starts no agent and changes nothing; health checks are run once.',
  examples: [
    { argv: 'doctor', does: 'a line for each check, with what to do where it is not well' },
    { argv: 'doctor --json', does: 'the same for programs' },
  ],
  output: 'Doctor',
  exits: ['10 something failed'],
  async run(context): Promise<DoctorOutput> {
    const { loaded, file } = context.setup;
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
      next: known ? null : 'correct the keys: nobody reads them as they are',
    };
    // At the same time: a tracker or a health check may take as long as its limit.
    const groups = await Promise.all([
      guarded('tracker', () => checkTrackers(context)),
      guarded('agents', () => checkAgents(context)),
      guarded('workspace', () => checkWorkspace(context)),
      guarded('disk', () => checkRoom(context.config)),
      guarded('ledger', () => checkDaemon(context)),
    ]);
    const checks = [configuration, ...groups.flat(), ...machine];
    return { ok: checks.every(({ result }) => result !== 'failed'), checks };
  },
  render: renderDoctor,
  exit: ({ ok }) => (ok ? null : 'external'),
});

async function renderDoctor({ ok, checks }: DoctorOutput, style: Style): Promise<string> {
  const dress = { ok: style.green, warning: style.yellow, failed: style.red };
  const width = Math.max(...checks.map(({ check }) => check.length));
  const lines = checks.flatMap(({ check, result, detail, next }) => [
    `${dress[result](result.padEnd(7))}  ${check.padEnd(width)}  ${oneLine(detail)}`,
    ...(next === null ? [] : [`${' '.repeat(11 + width)}${style.bold('→')} ${oneLine(next)}`]),
  ]);
  const count = (result: string): number => checks.filter((each) => each.result === result).length;
  const end = ok
    ? `all is well${count('warning') > 0 ? `, with ${count('warning')} warnings` : ''}`
    : `${count('failed')} failed`;
  return [...lines, end].join('\n');
}
