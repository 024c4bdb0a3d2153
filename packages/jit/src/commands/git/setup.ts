import { dirname } from 'node:path';
import type { GitSetupOutput } from '@jit/contract/outputs/git';
import { defineCommand } from '../../cli/define-command.ts';
import { GitRepository } from '../../platform/git.ts';
import { ownCommand } from '../../platform/own-program.ts';
import { ensureGitLines } from '../../store/git-files.ts';

const DRIVER_NAME = 'jit: issues and gates, field by field';

export const setup = defineCommand({
  path: 'git setup',
  summary: 'let git merge issues, gates and events field by field and line by line',
  description:
    'Registers jit merge-driver in the configuration of this clone, which all its worktrees share, and adds what .jit/.gitattributes and .jit/.gitignore lack. What others wrote there stays. Each clone needs it once; the two files are committed.',
  examples: [
    { argv: 'git setup', does: 'sets it up and says what was done; a second time changes nothing' },
    { argv: 'git setup --check', does: 'changes nothing; exit 4 where something is missing' },
  ],
  options: { check: { type: 'boolean', describe: 'only say what is missing' } },
  output: 'GitSetup',
  exits: [
    '0 it is set up',
    '3 there is no tracker, or it is in no git repository (NOT_A_REPOSITORY)',
    '4 with --check: something is missing',
    '10 git is missing or failed (GIT_MISSING, GIT_FAILED)',
  ],
  run(context, { check }): GitSetupOutput {
    const { dir } = context.where;
    const { env } = context.io;
    const repository = new GitRepository(dirname(dir), env);
    const driver = `${ownCommand(env.PATH)} merge-driver %O %A %B %P`;
    const steps: GitSetupOutput['steps'] = [];
    for (const { file, line, status } of ensureGitLines(dir, check))
      steps.push({ what: `.jit/${file}`, value: line, status });
    const wanted = { 'merge.jit.name': DRIVER_NAME, 'merge.jit.driver': driver };
    for (const [what, value] of Object.entries(wanted)) {
      const isSo = repository.config(what) === value;
      if (!isSo && !check) repository.setConfig(what, value);
      steps.push({ what, value, status: isSo ? 'already so' : check ? 'missing' : 'set' });
    }
    for (const { what, value, status } of steps) {
      if (status === 'kept')
        context.warn(`${what} says otherwise than "${value}"; it was left as it is`);
    }
    const changed = steps.some(({ status }) => status === 'set');
    return { dir, repository: repository.commonDir, driver, check, changed, steps };
  },
  render({ steps, check, changed, repository }) {
    const lines = steps.map(({ what, value, status }) => `${status}: ${what}  ${value}`);
    const missing = steps.some(({ status }) => status === 'missing');
    const end = check
      ? missing
        ? 'not set up: jit git setup does it'
        : `set up in ${repository}`
      : changed
        ? `set up in ${repository}; commit what changed in .jit, and call this once in every clone`
        : `set up already in ${repository}: nothing changed`;
    return [...lines, end].join('\n');
  },
  exit: ({ steps }) => (steps.some(({ status }) => status === 'missing') ? 'invalid' : null),
});
