import type { Style } from '@jit/cli-kit/style';
import type { DoctorOutput } from '@jit/contract/outputs/dispatch-setup';
import { defineCommand } from '../context.ts';
import { oneLine } from '../views/one-line.ts';

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
  run: ({ dispatcher }): Promise<DoctorOutput> => dispatcher.doctor(),
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
