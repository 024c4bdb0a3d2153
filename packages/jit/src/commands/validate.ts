import type { ValidateOutput } from '@jit/contract/outputs/repository';
import { defineCommand } from '../cli/define-command.ts';
import { findProblems } from '../domain/validation/find-problems.ts';

export const validate = defineCommand({
  path: 'validate',
  summary: 'check every file of the tracker',
  description:
    'Reads everything and changes no tracked file. Errors: what makes answers wrong or work wait forever. Warnings: what is worth a look.',
  examples: [
    { argv: 'validate', does: 'each finding with what to do about it' },
    { argv: 'validate --json', does: 'the same for programs; exit 4 says that there are errors' },
  ],
  output: 'Validate',
  exits: ['0 no errors; there may be warnings', '4 there are errors'],
  run(context): ValidateOutput {
    const facts = context.store.inspect();
    const findings = findProblems(facts).map((finding) => ({ ...finding }));
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    return {
      issues: facts.issues.length,
      gates: facts.gates.size,
      errors,
      warnings: findings.length - errors,
      findings,
    };
  },
  render({ issues, gates, errors, warnings, findings }, style) {
    const lines = findings.flatMap(({ code, severity, message, fix }) => [
      `${severity === 'error' ? style.red('error') : style.yellow('warning')} ${code}: ${message}`,
      `  ${fix}`,
    ]);
    const looked = `${count(issues, 'issue')} and ${count(gates, 'gate')}`;
    return [...lines, `${count(errors, 'error')}, ${count(warnings, 'warning')} in ${looked}`].join(
      '\n',
    );
  },
  exit: ({ errors }) => (errors > 0 ? 'invalid' : null),
});

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
