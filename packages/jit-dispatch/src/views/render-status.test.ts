import { createStyle } from '@jit/cli-kit/style';
import { displayWidth } from '@jit/cli-kit/table';
import { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import { describe, expect, test } from 'vitest';
import { FEW, IDLE, MANY, SEVERAL } from '../../test/status-samples.ts';
import { renderStatus } from './render-status.ts';

const PICTURES = [
  ['0-runs', IDLE],
  ['3-runs', FEW],
  ['60-runs', MANY],
  ['2-repositories', SEVERAL],
] as const;

async function picture(status: DispatcherStatusOutput, columns: number): Promise<string> {
  const valid = DispatcherStatusOutput.parse(status);
  const style = await createStyle({ colour: false, columns, isTty: true });
  return (await renderStatus(valid, style)).replace(/ +$/gm, '');
}

describe('the status on a terminal', () => {
  for (const columns of [40, 80, 200])
    test(`is the picture that is kept, and no line is wider than ${columns} columns`, async () => {
      let lines = 0;
      for (const [name, status] of PICTURES) {
        const drawn = await picture(status, columns);
        await expect(`${drawn}\n`).toMatchFileSnapshot(`pictures/status-${name}-${columns}.txt`);
        for (const line of drawn.split('\n')) {
          expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
          lines += 1;
        }
      }
      console.log(`status at ${columns} columns: ${PICTURES.length} pictures, ${lines} lines`);
    });

  test('shows at 60 runs what asks for attention first, the oldest after it, and counts them all', async () => {
    const drawn = await picture(MANY, 80);
    const runs = drawn.split('\n').filter((line) => line.startsWith('01k9'));
    expect(runs).toHaveLength(15);
    expect(runs[0]).toContain('! silent');
    expect(drawn).toContain('60 in all: ci-runner-1 40, copilot-1 20');
    expect(drawn).toContain('41 in all: agents_full 30, label_limit 11');
    expect(drawn.split('\n').length).toBeLessThan(50);
  });
});

test('elsewhere the status has every run and every wait, and times in RFC 3339', async () => {
  const style = await createStyle({ colour: false, columns: 80, isTty: false });
  const text = await renderStatus(MANY, style);
  for (const { short, issue, started_at } of MANY.runs) {
    expect(text).toContain(`${short}\t`);
    expect(text).toContain(`${started_at}\t`);
    expect(text).toContain(`\t${issue}\t`);
  }
  for (const { issue, priority, since } of MANY.waiting)
    expect(text).toContain(`${issue}\t${priority}\t${since}\t`);
});

test('names of agents for people stand beside their ids, where there are any', async () => {
  const [first, second] = FEW.agents;
  if (first === undefined || second === undefined) throw new Error('there are two');
  const named = { ...FEW, agents: [{ ...first, title: 'Ana' }, second] };
  const drawn = (await picture(named, 80)).split('\n');
  expect(drawn.find((line) => line.startsWith('AGENT'))).toMatch(/^AGENT +NAME +RUNNING/);
  expect(drawn.find((line) => line.startsWith(first.id))).toMatch(/^[\w-]+ +Ana +\d/);
  expect(await picture(FEW, 80)).not.toContain('NAME');
});

test('what a title or a failure holds does not act on the terminal', async () => {
  const evil = 'a\u001b[2Jb\u202Ec\nd';
  const status = {
    ...FEW,
    runs: FEW.runs.map((run) => ({ ...run, title: evil })),
    waiting: FEW.waiting.map((wait) => ({ ...wait, title: evil })),
    last_error: { at: FEW.at, message: evil },
    repositories: FEW.repositories.map((each) => ({
      ...each,
      tracker: { ok: false, ready: null, error: evil },
    })),
  };
  const drawn = await picture(status, 80);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
  expect(drawn).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
  expect(drawn.split('\n')).toHaveLength((await picture(FEW, 80)).split('\n').length - 1);
});
