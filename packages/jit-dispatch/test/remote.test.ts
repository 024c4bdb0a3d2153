import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IssueItemOutput } from '@jit/contract/outputs/issue';
import { describe, expect, test } from 'vitest';
import { createSeveral, type Several } from './several.ts';
import { until } from './until.ts';

const REMOTE = '[tracker]\ncommand = ["./ssh", "hub", "jit"]\ntimeout_secs = 20\n';
const NASTY = 'it\'s "quoted" `touch pwned` $(touch pwned) ; touch pwned & \\ * ~\nsecond line';

/** A dispatcher whose only tracker is behind an `ssh` with a real shell on the other side. */
async function overSsh(agents: string, more = ''): Promise<Several> {
  const several = await createSeveral(['hub']);
  several.home.configure(`${more}${REMOTE}${agents}`);
  return several;
}

const shown = ({ jit }: Several, id: string) => jit<IssueItemOutput>('hub', ['issue', 'show', id]);

test('whatever people and agents write reaches a remote tracker as it is, and no shell on the way', async () => {
  const several = await overSsh(
    '[retry]\nattempts_per_agent = 1\n[[agents]]\nid = "a"\ncommand = ["./fails"]\nissue_json = "file"\n',
  );
  const { home, create, jit } = several;
  writeFileSync(join(home.root, 'nasty'), NASTY);
  home.script(
    'fails',
    '#!/bin/sh\ncat "$(dirname "$0")/nasty"\ncat "$(dirname "$0")/nasty" >&2\nexit 3\n',
  );
  const title = NASTY.replace('\n', ' ');
  const id = await create('hub', title, '--description', NASTY, '--label', "it's:$(touch pwned)");
  await until('it is escalated: with a comment and a label', async () => {
    await home.once();
    return (await shown(several, id)).labels.includes('dispatch:escalated');
  });
  const issue = await shown(several, id);
  expect(issue.title).toBe(title);
  const events = await jit<{ type: string; reason?: string; text?: string }[]>('hub', [
    'events',
    'query',
    '--issue',
    id,
  ]);
  const told = events.flatMap(({ reason, text }) => [reason ?? [], text ?? []].flat()).join('\n');
  expect(told).toContain('exit code 3');
  const folders = [home.root, join(home.root, 'hub'), join(home.root, 'hub/.jit')];
  expect(folders.filter((folder) => existsSync(join(folder, 'pwned')))).toEqual([]);
  console.log(
    `remote: ${events.length} events of an issue with quotes, $(…) and line ends; 0 commands of it were run`,
  );
});

test('agents work here, their lease is renewed there, and exit gates are run there', async () => {
  const several = await overSsh(
    '[[agents]]\nid = "a"\ncommand = ["./works"]\ncompletion = "exit"\n',
    'lease_secs = 5\nstop_grace_secs = 0.2\n',
  );
  const { home, create, jit } = several;
  home.script(
    'works',
    '#!/bin/sh\necho "dir=$JIT_DIR way=$JIT_TRACKER_COMMAND"\nwhile [ ! -e go ]; do sleep 0.1; done\n',
  );
  await jit('hub', ['gate', 'define', 'checked', '--stage', 'done', '--command', 'pwd > gate-ran']);
  const id = await create('hub', 'gated', '--gate', 'checked');
  const { started } = await home.once();
  expect(started).toMatchObject([{ issue: id }]);
  const claimEnd = async () => {
    const { claim } = await shown(several, id);
    return (claim as { expires_at: string } | null)?.expires_at ?? '';
  };
  const first = await claimEnd();
  await until('the lease was renewed twice its length later', async () => {
    const end = await claimEnd();
    return Date.parse(end) - Date.parse(first) > 10_000;
  });
  writeFileSync(join(home.root, 'go'), '');
  await until('it is done', async () => {
    await home.once();
    return (await shown(several, id)).state === 'done';
  });
  expect(readFileSync(join(home.root, 'hub/gate-ran'), 'utf8').trim()).toBe(join(home.root, 'hub'));
  const runs = await home.runs('--all');
  expect(runs).toHaveLength(1);
  expect(readFileSync(runs[0]?.log ?? '', 'utf8')).toContain('dir= way=["');
});

describe('what a way to another machine prints', () => {
  test('before an answer is passed over, and said once', async () => {
    const several = await overSsh(
      '[[agents]]\nid = "a"\ncommand = ["true"]\ncompletion = "exit"\n',
      'poll_interval_secs = 1\n',
    );
    const { home, create } = several;
    writeFileSync(
      join(home.root, 'banner'),
      '\n  *** Welcome to the hub ***\nLast login: today\n\n',
    );
    const daemon = home.start();
    const id = await create('hub', 'one');
    await until('it is done', async () => (await shown(several, id)).state === 'done');
    await daemon.stop();
    const said = [...daemon.log().matchAll(/Welcome to the hub/g)].length;
    expect(said).toBe(1);
  });

  test.each([
    ['after it', 'cat > /dev/null; echo "[]"; echo "Connection to hub closed."', 'TRACKER_GARBAGE'],
    ['two documents', 'cat > /dev/null; echo "[]"; echo "[]"', 'TRACKER_GARBAGE'],
    ['half a document', `cat > /dev/null; printf '[{"id":"i1",'`, 'TRACKER_GARBAGE'],
    ['nothing at all', 'cat > /dev/null', 'TRACKER_GARBAGE'],
    ['only a banner', 'cat > /dev/null; echo Welcome', 'TRACKER_GARBAGE'],
    ['words of an older jit', 'echo "error: unknown option --json" >&2; exit 2', 'TRACKER_FAILED'],
    [
      'that there is no way',
      'echo "ssh: connect to host hub port 22: No route to host" >&2; exit 255',
      'TRACKER_FAILED',
    ],
    ['more than 16 MiB', 'head -c 17000000 /dev/zero | tr "\\\\0" "a"', 'TRACKER_TOO_LONG'],
  ])('%s: an error, never "no work"', async (_, body, code) => {
    const { home } = await overSsh('[[agents]]\nid = "a"\ncommand = ["true"]\n');
    const real = readFileSync(join(home.root, 'ssh'), 'utf8');
    home.script('real-ssh', real);
    home.script(
      'ssh',
      `#!/bin/sh\ncase "$*" in *"query ready"*) ${body} ;; *) exec "${home.root}/real-ssh" "$@" ;; esac\n`,
    );
    const done = await home.dispatch('once', '--json');
    expect(JSON.parse(done.stdout)).toMatchObject({ error: { code } });
    expect(done.exit).toBe(10);
  });

  test('more answers than calls: what was claimed is asked for again with the same token', async () => {
    const several = await overSsh(
      '[[agents]]\nid = "a"\ncommand = ["true"]\ncompletion = "exit"\n',
    );
    const { home, create } = several;
    await create('hub', 'one');
    home.script('real-ssh', readFileSync(join(home.root, 'ssh'), 'utf8'));
    home.script(
      'ssh',
      `#!/bin/sh\n"${home.root}/real-ssh" "$@"\ncode=$?\ncase "$*" in *batch*) echo '{"exit":0,"result":[]}' ;; esac\nexit $code\n`,
    );
    expect((await home.dispatch('once')).exit).toBe(10);
    home.script('ssh', readFileSync(join(home.root, 'real-ssh'), 'utf8'));
    await until('it is done', async () => {
      await home.once();
      return (await home.runs('--all')).some(({ state }) => state === 'completed');
    });
    expect(await home.runs('--all')).toHaveLength(1);
  });
});

test('a folder that a shell would read in another way is refused with what to do', async () => {
  const { home } = await overSsh('[[agents]]\nid = "a"\ncommand = ["true"]\n');
  const done = await home.dispatch('once', '--dir', '/srv/my repo', '--json');
  expect(done.exit).toBe(4);
  expect(JSON.parse(done.stdout).error.hint).toContain('command = ["ssh"');
  expect(readdirSync(home.root)).not.toContain('repo');
});
