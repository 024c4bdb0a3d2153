import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { jitJson, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, it } from 'vitest';

/** On a loaded machine fifty processes may need longer than the default of ten seconds. */
const PATIENT = ['--lock-timeout', '60'];

async function tracker(): Promise<string> {
  const cwd = tempFolder();
  await runBundle('jit', ['init'], { cwd });
  return cwd;
}

async function createMany(cwd: string, count: number): Promise<string[]> {
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify(['issue', 'create', `issue ${n}`]),
  );
  const { stdout } = await runBundle('jit', ['batch'], { cwd, stdin: `${lines.join('\n')}\n` });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).result.id);
}

describe('real processes at the same time', () => {
  it('drain 500 issues with claim-next, each claimed once', { timeout: 600_000 }, async () => {
    const cwd = await tracker();
    const ids = await createMany(cwd, 500);
    const work = async (worker: number): Promise<string[]> => {
      const mine: string[] = [];
      for (;;) {
        const ended = await runBundle(
          'jit',
          ['issue', 'claim-next', `worker-${worker}`, '--json', ...PATIENT],
          { cwd },
        );
        if (ended.exit === 3) return mine;
        expect(ended.exit, ended.stdout + ended.stderr).toBe(0);
        mine.push(JSON.parse(ended.stdout).id);
      }
    };
    const claimed = (await Promise.all(Array.from({ length: 8 }, (_, n) => work(n)))).flat();
    console.log(
      `8 workers: ${claimed.length} claims for ${ids.length} issues, ${new Set(claimed).size} different`,
    );
    expect(claimed.sort()).toEqual(ids.sort());
  });

  it('lose none of 40 edits of one issue', { timeout: 300_000 }, async () => {
    const cwd = await tracker();
    const { id } = await jitJson<{ id: string }>(['issue', 'create', 'edited by many'], { cwd });
    const labels = Array.from({ length: 40 }, (_, n) => `label-${String(n).padStart(2, '0')}`);
    const edits = await Promise.all(
      labels.map((label) =>
        runBundle('jit', ['issue', 'update', id, '--add-label', label, ...PATIENT], { cwd }),
      ),
    );
    expect(edits.map((ended) => ended.exit)).toEqual(labels.map(() => 0));
    const issue = await jitJson<{ labels: string[] }>(['issue', 'show', id], { cwd });
    expect(issue.labels).toEqual(labels);
    const events = await jitJson<unknown[]>(
      ['events', 'query', '--issue', id, '--type', 'issue_updated'],
      { cwd },
    );
    expect(events).toHaveLength(40);
  });

  it('make 50 issues from 50 parallel creates', { timeout: 300_000 }, async () => {
    const cwd = await tracker();
    const creates = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        jitJson<{ id: string }>(['issue', 'create', `parallel ${n}`, ...PATIENT], { cwd }),
      ),
    );
    const all = await jitJson<{ id: string }[]>(['query', 'all'], { cwd });
    expect(all.map((issue) => issue.id).sort()).toEqual(creates.map((issue) => issue.id).sort());
    expect(readdirSync(join(cwd, '.jit', 'issues'))).toHaveLength(50);
  });
});
