import { join } from 'node:path';
import { usageError } from '@jit/contract/errors';
import type { ValidateOutput } from '@jit/contract/outputs/repository';
import { defineCommand } from '../cli/define-command.ts';
import { writeTracker } from '../cli/write-tracker.ts';
import type { JitContext } from '../context.ts';
import { findProblems } from '../domain/validation/find-problems.ts';
import type { Finding } from '../domain/validation/finding.ts';
import { MENDINGS } from '../domain/validation/mending.ts';
import type { TrackerFacts } from '../domain/validation/tracker-facts.ts';
import { fixFindings, needsWrite } from '../operations/fix-findings.ts';
import { configProblems } from '../platform/config-file.ts';

export const validate = defineCommand({
  path: 'validate',
  summary: 'check every file of the tracker',
  description:
    'Reads everything and, without --fix, changes no tracked file. Errors: what makes answers wrong or work wait forever. Warnings: what is worth a look. --fix mends in one write what can be mended without a decision, and says of the rest why it is left.',
  examples: [
    { argv: 'validate', does: 'each finding with what to do about it' },
    { argv: 'validate --json', does: 'the same for programs; exit 4 says that there are errors' },
    { argv: 'validate --fix --dry-run', does: 'which of them --fix would mend' },
    { argv: 'validate --fix', does: 'mends those, each change with its event' },
  ],
  options: {
    fix: { type: 'boolean', describe: 'mend what needs no decision' },
    'dry-run': { type: 'boolean', describe: 'with --fix: tell what it would do, change nothing' },
  },
  output: 'Validate',
  exits: [
    '0 no errors, or none left; there may be warnings',
    '4 there are errors, or with --fix some are left',
  ],
  run(context, { fix, dryRun }): ValidateOutput {
    if (dryRun && !fix) throw usageError('--dry-run goes with --fix');
    const before = look(context);
    const toWrite = before.findings.filter(needsWrite);
    if (!fix || dryRun) return toOutput(before, { left: null, fix, changed: false });
    if (toWrite.length > 0) writeTracker(context, (tx) => fixFindings(tx, toWrite));
    const after = look(context);
    return toOutput(
      { ...before, facts: after.facts },
      {
        left: new Set(after.findings.map(nameOf)),
        fix,
        changed: toWrite.some((finding) => !after.findings.map(nameOf).includes(nameOf(finding))),
      },
    );
  },
  render({ issues, gates, errors, warnings, fixed, dry_run, findings }, style) {
    const lines = findings.flatMap((finding) => {
      const { code, severity, message } = finding;
      const word = finding.fixed ? style.green('fixed') : paint(severity)(severity);
      return [`${word} ${code}: ${message}`, ...adviceOf(finding, dry_run)];
    });
    function paint(severity: 'error' | 'warning') {
      return severity === 'error' ? style.red : style.yellow;
    }
    const looked = `${count(issues, 'issue')} and ${count(gates, 'gate')}`;
    const mended = fixed === 0 ? '' : `${fixed} fixed, `;
    return [
      ...lines,
      `${mended}${count(errors, 'error')}, ${count(warnings, 'warning')} in ${looked}`,
    ].join('\n');
  },
  exit: ({ errors }) => (errors > 0 ? 'invalid' : null),
});

interface Look {
  readonly facts: TrackerFacts;
  readonly findings: readonly Finding[];
}

function look(context: JitContext): Look {
  const facts = context.store.inspect();
  const config = configProblems(join(context.where.dir, 'config.toml'));
  return { facts, findings: findProblems(facts, config) };
}

/** Two looks see the same finding if they say the same of it. */
function nameOf({ code, subject, message }: Finding): string {
  return `${code}\n${subject}\n${message}`;
}

interface Fixing {
  /** The findings that are still there; null where nothing was mended. */
  readonly left: ReadonlySet<string> | null;
  readonly fix: boolean;
  readonly changed: boolean;
}

function toOutput({ facts, findings }: Look, { left, fix, changed }: Fixing): ValidateOutput {
  const told = findings.map((finding) => {
    const mending = MENDINGS[finding.code];
    const fixed = left !== null && !left.has(nameOf(finding));
    return {
      ...finding,
      fixable: mending.kind === 'fixed',
      fixed,
      mending: mending.kind === 'fixed' ? mending.how : mending.why,
    };
  });
  const open = told.filter(({ fixed }) => !fixed);
  const errors = open.filter(({ severity }) => severity === 'error').length;
  return {
    issues: facts.issues.length,
    gates: facts.gates.size,
    errors,
    warnings: open.length - errors,
    fixed: told.length - open.length,
    changed,
    dry_run: fix && left === null,
    findings: told,
  };
}

/** What is said below a finding. */
function adviceOf(finding: ValidateOutput['findings'][number], dryRun: boolean): readonly string[] {
  if (finding.fixed) return [`  ${finding.mending}`];
  if (!finding.fixable) return [`  ${finding.fix}`, `  --fix leaves it: ${finding.mending}`];
  const does = dryRun ? 'would be fixed' : 'jit validate --fix';
  return [`  ${finding.fix}`, `  ${does}: ${finding.mending}`];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
