import { runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, it } from 'vitest';

const WRITERS = 3;
const ISSUES = 12;

it('a search finds every acknowledged issue and comment while other processes write', async () => {
  const cwd = tempFolder();
  await runBundle('jit', ['init'], { cwd });
  await runBundle('jit', ['issue', 'search', 'warm'], { cwd });
  const counts: number[] = [];
  const search = async (word: string): Promise<string[]> => {
    const ended = await runBundle('jit', ['issue', 'search', `"${word}"`, '--json'], { cwd });
    expect(ended.stderr).toBe('');
    return JSON.parse(ended.stdout).map(({ id }: { id: string }) => id);
  };
  const writer = async (name: string) => {
    for (let at = 0; at < ISSUES; at += 1) {
      const argv = ['issue', 'create', `kiwi by ${name}`, '--json'];
      const { id } = JSON.parse((await runBundle('jit', argv, { cwd })).stdout);
      if (at % 4 !== 0) continue;
      await runBundle('jit', ['issue', 'comment', id, `lychee${name}${at}`], { cwd });
      expect(await search(`lychee${name}${at}`)).toEqual([id]);
      counts.push((await search('kiwi')).length);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, at) => writer(`w${at}`)));
  expect(await search('kiwi')).toHaveLength(WRITERS * ISSUES);
  expect(Math.max(...counts)).toBeLessThanOrEqual(WRITERS * ISSUES);
  console.log(
    `search while writing: ${WRITERS} writers, ${WRITERS * ISSUES} issues, ${counts.length * 2} searches`,
  );
});
