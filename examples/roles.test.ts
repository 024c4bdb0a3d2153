import { spawn } from 'node:child_process';
import { cleanEnv, collect } from '@jit/testkit/processes';
import { expect, test } from 'vitest';
import { fileOf, project } from './test-tools.ts';

async function output(program: string, file: string): Promise<string> {
  const { folder, env } = await project({ init: false });
  const { JIT_DIR: _, ...rest } = env;
  const child = spawn(program, [fileOf(file)], { cwd: folder, env: cleanEnv(rest), stdio: 'pipe' });
  const ended = await collect(child);
  expect(ended, ended.stdout + ended.stderr).toMatchObject({ exit: 0, stderr: '' });
  return ended.stdout;
}

test('roles from register to stats: a program and the command line come to the same', async () => {
  const [program, commands] = await Promise.all([
    output(process.execPath, 'examples/roles/roles.mjs'),
    output('bash', 'examples/roles/roles.sh'),
  ]);
  expect(program).toBe(commands);
  expect(program.split('\n')).toEqual([
    'registered 5 roles',
    'task-001: ai, 83 % sure → ai-code-reviewer',
    'task-001: started at ai-code-reviewer',
    'task-002: human, 75 % sure → senior-architect',
    'task-002: started at senior-architect',
    'task-003: hybrid, 88 % sure → devops-engineer',
    'task-003: started at devops-engineer',
    'task-001: reassigned to senior-dev',
    'task-001: 1 reassignment, done',
    'batch: 5 of 5 at analyst',
    'stats: 9 runs, 8 completed, 0 failed, 1 reassigned; human 1, ai 7, hybrid 1',
    '',
  ]);
});
