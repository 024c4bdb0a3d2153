import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ulidAt } from '../../src/store/events/ulids.ts';
import type { TempTracker } from '../support/temp-tracker.ts';
import { tempTracker } from '../support/temp-tracker.ts';

const inJit = (t: TempTracker, ...path: string[]) => join(t.dir, '.jit', ...path);
const month = (at: Date) => `${at.toISOString().slice(0, 7)}.jsonl`;
const codes = async (t: TempTracker) =>
  JSON.parse((await t.run('validate --json')).stdout).findings.map(
    (finding: { code: string }) => finding.code,
  );

describe('a line of the log', () => {
  it('that is no event of jit does not stop new ids', async () => {
    const t = await tempTracker();
    const line = { id: 'zzz-foreign', at: new Date().toISOString(), type: 'x', issue: null };
    appendFileSync(inJit(t, 'events', month(new Date())), `${JSON.stringify(line)}\n`);
    await t.create('one');
    await t.create('two');
    const ids = t.events().map((event) => event.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(5);
    expect(await codes(t)).toContain('BAD_EVENT_LINE');
  });

  it('from a clone whose clock is wrong drags no later id or date with it', async () => {
    const t = await tempTracker();
    const first = await t.create('one');
    const future = new Date(Date.now() + 20 * 365 * 86_400_000);
    const line = {
      id: ulidAt(future.getTime(), new Uint8Array(10)),
      at: future.toISOString(),
      type: 'state_changed',
      issue: first,
      actor: 'bob',
    };
    writeFileSync(inJit(t, 'events', month(future)), `${JSON.stringify(line)}\n`);
    const second = await t.create('two', '--dep', first);
    await t.json(['issue', 'update', first, '--state', 'done']);
    await t.json(['issue', 'update', second, '--title', 'again']);
    const own = t.events().filter((event) => event.actor === 'ana');
    expect(own.every((event) => Date.parse(event.at) < Date.now() + 1000)).toBe(true);
    const limit = ulidAt(Date.now() + 60_000, new Uint8Array(10));
    const drawn = own.filter((event) => event.type !== 'ready_changed');
    expect(drawn.length).toBeGreaterThan(2);
    expect(drawn.every((event) => event.id < limit)).toBe(true);
    const ready = own.filter((event) => event.type === 'ready_changed' && event.issue === second);
    expect(ready.map((event) => event.ready)).toEqual([true]);
    const log = readFileSync(inJit(t, 'events', month(future)), 'utf8');
    expect(log.split('\n')).toHaveLength(2);
  });
});

describe('a file in the place of a document', () => {
  it('that is not UTF-8 is reported and never overwritten', async () => {
    const t = await tempTracker();
    const id = await t.create('caf# au lait');
    await t.json(['gate', 'define', 'review', '--title', 'r#', '--stage', 'done']);
    for (const path of [inJit(t, 'issues', `${id}.json`), inJit(t, 'gates', 'review.json')]) {
      const bytes = readFileSync(path);
      bytes[bytes.indexOf('#')] = 0xe9;
      writeFileSync(path, bytes);
    }
    const before = readFileSync(inJit(t, 'issues', `${id}.json`));
    const failed = await t.fails(['issue', 'update', id, '--priority', 'high']);
    expect(failed).toMatchObject({ exit: 4, code: 'UNREADABLE' });
    expect(failed.message).toContain('it is not UTF-8');
    expect(readFileSync(inJit(t, 'issues', `${id}.json`)).equals(before)).toBe(true);
    const gate = readFileSync(inJit(t, 'gates', 'review.json'));
    await t.run(['gate', 'define', 'review', '--title', 'new', '--stage', 'done']);
    expect(readFileSync(inJit(t, 'gates', 'review.json')).equals(gate)).toBe(true);
  });

  it('that is a folder disturbs nothing', async () => {
    const t = await tempTracker();
    await t.create('one');
    for (const path of ['issues/aaaa.json', 'gates/x.json', 'events/2020-01.jsonl'])
      mkdirSync(inJit(t, path));
    expect(await t.json('query ready')).toHaveLength(1);
    await t.create('two');
    rmSync(inJit(t, 'local'), { recursive: true });
    expect(await t.json('query ready')).toHaveLength(2);
    expect(await t.fails('gate define x --stage done')).toMatchObject({ code: 'NOT_A_FILE' });
    await t.create('three');
  });

  it('that took the place of an issue is seen as its end', async () => {
    const t = await tempTracker();
    const id = await t.create('one');
    rmSync(inJit(t, 'issues', `${id}.json`));
    mkdirSync(inJit(t, 'issues', `${id}.json`));
    expect(await t.json('query all')).toEqual([]);
    expect((await t.fails(['issue', 'show', id])).exit).toBe(3);
  });

  it.runIf(process.platform === 'linux')('that gives an error is reported by name', async () => {
    const t = await tempTracker();
    const id = await t.create('one');
    symlinkSync('/proc/self/mem', inJit(t, 'issues', 'brkn-brkn.json'));
    symlinkSync('/proc/self/mem', inJit(t, 'events', '2020-01.jsonl'));
    const ended = await t.run('query ready --json');
    expect(JSON.parse(ended.stdout).map((issue: { id: string }) => issue.id)).toEqual([id]);
    expect(ended.stderr).toContain('brkn-brkn.json');
    await t.create('two');
    expect(await codes(t)).toContain('BAD_EVENT_LINE');
    expect(readdirSync(inJit(t, 'issues'))).toContain('brkn-brkn.json');
  });
});

describe('a damaged file of local/', () => {
  const garbage = 'this is no database, and long enough to look like one'.repeat(200);

  it('is made anew if it is the lock', async () => {
    const t = await tempTracker();
    await t.create('one');
    writeFileSync(inJit(t, 'local', 'lock.db'), garbage);
    await t.create('two');
    expect(await t.json('query ready')).toHaveLength(2);
  });

  it('is refused with the way out if it is the state', async () => {
    const t = await tempTracker();
    await t.create('one');
    for (const ending of ['-wal', '-shm'])
      rmSync(`${inJit(t, 'local', 'state.db')}${ending}`, { force: true });
    writeFileSync(inJit(t, 'local', 'state.db'), garbage);
    for (const line of ['issue create two', 'query ready']) {
      const failed = await t.fails(line);
      expect(failed).toMatchObject({ exit: 10, code: 'STATE_DAMAGED' });
      expect(failed.hint).toContain('Move .jit/local away');
    }
    rmSync(inJit(t, 'local'), { recursive: true });
    await t.create('two');
  });
});
