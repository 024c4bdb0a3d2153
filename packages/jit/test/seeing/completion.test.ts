import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePath, cleanEnv, collect, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, it, type TestContext } from 'vitest';

/** A folder with a tracker, and `jit` on the path of whatever runs in it. */
async function world() {
  const folder = tempFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const jit = join(bin, 'jit');
  writeFileSync(jit, `#!/bin/sh\nexec '${process.execPath}' '${bundlePath('jit')}' "$@"\n`);
  chmodSync(jit, 0o755);
  const lines = [
    ['issue', 'create', 'First', '--label', 'epic:auth', '--label', 'two words'],
    ['gate', 'define', 'review'],
    ['issue', 'create', 'Claimed'],
  ];
  await runBundle('jit', ['init'], { cwd: folder });
  for (const line of lines) await runBundle('jit', line, { cwd: folder });
  for (const [id, title] of [
    ['proj-1.2', 'With a dot'],
    ['proj-1.3', 'It\'s \u001b[31m"red": $(touch pwned) `x`\t\u202e🙂'],
  ]) {
    const fields = { state: 'open', priority: 'low', created_at: '2026-01-01T00:00:00Z' };
    const issue = JSON.stringify({ schema: 1, id, title, ...fields });
    writeFileSync(join(folder, '.jit', 'issues', `${id}.json`), issue);
  }
  const run = (shell: string, script: string) => {
    const env = cleanEnv({ PATH: `${bin}:${process.env.PATH}` });
    return collect(spawn(shell, ['-c', script], { cwd: folder, env, stdio: 'pipe' }));
  };
  return { folder, run };
}

/** Completes lines in a real bash; what it would put into the line, one list per line. */
async function inBash(
  { run }: Awaited<ReturnType<typeof world>>,
  lines: readonly string[],
): Promise<string[][]> {
  const calls = lines.map(
    (line) => `
      COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}
      COMP_WORDS=($COMP_LINE); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); COMPREPLY=(stale)
      _jit_complete jit '' ''
      printf '%s\\n' "\${COMPREPLY[@]}"; echo ==`,
  );
  const script = `set -u; eval "$(jit completion bash)"\ncomplete -p jit >&2\n${calls.join('\n')}`;
  const { stdout, stderr, exit } = await run('bash', script);
  expect([exit, stderr]).toEqual([0, 'complete -o bashdefault -o default -F _jit_complete jit\n']);
  return stdout
    .split('==\n')
    .slice(0, -1)
    .map((part) => part.split('\n').filter(Boolean));
}

function need(shell: string, { skip }: TestContext): void {
  if (spawnSync(shell, ['--version']).status !== 0) skip(`${shell} is not installed`);
}

describe('completion', () => {
  it('in bash offers commands, flags, choices, ids, gates and labels', async (context) => {
    need('bash', context);
    const place = await world();
    const lines = {
      'jit is': ['issue'],
      'jit query re': ['ready'],
      'jit issue cla': ['claim', 'claim-next'],
      'jit issue show --dir . proj': ['proj-1.2', 'proj-1.3'],
      'jit issue show proj-1.3 proj-1.2': ['proj-1.2'],
      'jit issue show zzz': [],
      'jit gate pass proj-1.2 r': ['review'],
      'jit issue list --state done,rea': ['done\\,ready'],
      'jit issue list --state=rea': ['ready'],
      'jit issue update proj-1.2 --sta': ['--state'],
      'jit issue list -l epic:a': ['auth'],
      'jit issue list --label=two': ['two\\ words'],
      'jit completion f': ['fish'],
      'jit config set us': ['user.name'],
      'jit gate preset apply ru': ['rust'],
      'jit nothing of that kind ': [],
      'jit --dir /nowhere issue show ': [],
      'jit __c': [],
    };
    const found = await inBash(place, Object.keys(lines));
    expect(Object.fromEntries(Object.keys(lines).map((line, at) => [line, found[at]]))).toEqual(
      lines,
    );
    console.log(`completion: ${found.length} lines completed in a real bash`);
  });

  it('of a broken tracker, or with nonsense, is silent and exits 0', async () => {
    const { folder } = await world();
    writeFileSync(join(folder, '.jit', 'issues', 'proj-1.2.json'), '{');
    for (const words of [[], [':'], [':issue', ':show', ':'], [':--dir'], [':--', ':x']]) {
      const ended = await runBundle('jit', ['__complete', 'bash', ...words], { cwd: folder });
      expect([words, ended.exit, ended.stderr]).toEqual([words, 0, '']);
    }
    const nowhere = await runBundle('jit', ['__complete', 'fish', ':issue', ':show', ':'], {
      cwd: tempFolder(),
    });
    expect(nowhere).toMatchObject({ exit: 0, stdout: '', stderr: '' });
  });

  it('gives zsh and fish the titles, on one line and without what a terminal would obey', async () => {
    const { folder } = await world();
    const ask = async (shell: string) =>
      (await runBundle('jit', ['__complete', shell, ':issue', ':show', ':proj'], { cwd: folder }))
        .stdout;
    const title = `It's  [31m"red": $(touch pwned) \`x\` 🙂`;
    expect(await ask('fish')).toBe(`proj-1.2\tready: With a dot\nproj-1.3\tready: ${title}\n`);
    expect(await ask('zsh')).toBe(`proj-1.2:ready: With a dot\nproj-1.3:ready: ${title}\n`);
    const labels = ['__complete', 'zsh', ':issue', ':list', ':--label', ':epic'];
    expect((await runBundle('jit', labels, { cwd: folder })).stdout).toBe('epic\\:auth\n');
  });

  it.each(['bash', 'zsh', 'fish'])('prints a script for %s', async (shell) => {
    const { run } = await world();
    const { stdout, exit } = await run('sh', `jit completion ${shell}`);
    expect([exit, stdout.includes('jit __complete')]).toEqual([0, true]);
  });

  it('in zsh has no error of syntax', async (context) => {
    need('zsh', context);
    const { run } = await world();
    const { exit, stderr } = await run('zsh', 'jit completion zsh > _jit && zsh -n _jit');
    expect([exit, stderr]).toEqual([0, '']);
  });

  it('in fish offers commands and ids with titles', async (context) => {
    need('fish', context);
    const { run } = await world();
    const script = `jit completion fish | source; complete -C 'jit issue show proj-1.2'; complete -C 'jit is'`;
    const { stdout } = await run('fish', script);
    expect(stdout).toContain('proj-1.2\tready: With a dot');
    expect(stdout).toContain('issue');
  });
});
