import { describe, expect, it } from 'vitest';
import { tempTracker } from '../../test/support/temp-tracker.ts';

describe('small mistakes', () => {
  it('a blank line in a batch is no command, and costs nothing', async () => {
    const { run } = await tempTracker();
    for (const flags of [[], ['--atomic']]) {
      const stdin = '\n["issue","create","one"]\n\n["issue","create","two"]\n\n';
      const ended = await run(['batch', ...flags], { stdin });
      expect(ended.exit).toBe(0);
      expect(ended.stdout.trim().split('\n')).toHaveLength(2);
    }
  });

  it('a gate decision that says something new is stored, one that does not changes nothing', async () => {
    const { json } = await tempTracker();
    await json(['gate', 'define', 'review']);
    const { id } = await json(['issue', 'create', 'x', '--gate', 'review']);
    const fail = (...more: string[]) => json(['gate', 'fail', id, 'review', ...more]);
    expect((await fail()).changed).toBe(true);
    expect((await fail()).changed).toBe(false);
    const noted = await fail('--note', 'because', '--by', 'ana');
    expect(noted).toMatchObject({ changed: true, gates: [{ note: 'because', by: 'ana' }] });
    expect((await fail('--note', 'because', '--by', 'ana')).changed).toBe(false);
  });

  it('an issue without a title is not made', async () => {
    const { run, json } = await tempTracker();
    for (const flags of [[], ['-t', ''], ['-t', ' '], ['']])
      expect((await run(['issue', 'create', ...flags])).exit, flags.join()).toBe(2);
    expect(await json('query all')).toEqual([]);
  });

  it('nobody can act as null', async () => {
    const { run } = await tempTracker();
    for (const name of ['null', 'undefined', 'None']) {
      expect((await run(['--actor', name, 'issue', 'create', 'x'])).exit).toBe(2);
      expect((await run(['issue', 'create', 'x'], { env: { JIT_ACTOR: name } })).exit).toBe(2);
    }
  });

  it('a token without its issue is not ignored in silence', async () => {
    const { run, json } = await tempTracker();
    const { id } = await json(['issue', 'create', 'x']);
    const claim = await json(['issue', 'claim', id, 'a', '--ttl', '60']);
    const ended = await run(['issue', 'update', id, '--state', 'done'], {
      env: { JIT_CLAIM: claim.claim.token },
    });
    expect(ended.exit).toBe(6);
    expect(ended.stderr).toContain('JIT_CLAIM counts for the issue in JIT_ISSUE_ID only');
    const short = { JIT_CLAIM: claim.claim.token, JIT_ISSUE_ID: id.slice(0, 5) };
    expect((await run(['issue', 'update', id, '--state', 'done'], { env: short })).exit).toBe(0);
  });

  it('an issue tells how its last claim ended', async () => {
    const { json } = await tempTracker();
    const { id } = await json(['issue', 'create', 'x']);
    await json(['issue', 'claim', id, 'agent-1']);
    await json(['issue', 'release', id, 'exit code 3', '--failed', 'agent']);
    const shown = await json(['issue', 'show', id]);
    expect(shown.last_claim).toMatchObject({
      assignee: 'agent-1',
      attempt: 1,
      reason: 'failed (agent): exit code 3',
    });
  });
});
