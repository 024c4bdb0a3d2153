import { IssueOutput } from '@jit/contract/outputs/issue';
import { ESCALATED_LABEL, HELD_LABEL } from '@jit/contract/vocabulary';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readHistory } from '../../src/planning/history.ts';
import { claimCall, KINDS, letLeasesEnd, OTHER, shareForge, TOKEN } from './open-tracker.ts';

const RELEASE = {
  do: 'release',
  issue: '1',
  reason: 'x (run r1)',
  failed: 'agent',
  deferSecs: 0,
} as const;

describe.each(KINDS)('issues of %s as a tracker', (kind) => {
  test('claimed, they look claimed to people and programs, and hold no token', async () => {
    const { server, open } = await shareForge(kind);
    const body =
      'Parse it.\n\n## Acceptance criteria\n- [ ] it parses\n- [x] tests\n\n## Notes\n- none';
    server.repository.addIssue({
      title: 'Parser',
      body,
      labels: ['ai', 'priority:high', 'area:x'],
    });
    const { tracker, ask } = await open();
    const [ready] = await tracker.ready({ withTexts: true });
    expect(ready).toMatchObject({
      ...{ id: '1', title: 'Parser', state: 'ready', priority: 'high', assignee: null, attempt: 0 },
      labels: ['ai', 'priority:high', 'area:x'],
      whole: { description: body, acceptance_criteria: ['it parses', 'tests'], documents: [] },
    });
    const [claimed] = await tracker.call([{ ...claimCall('1', TOKEN), taskType: 'research' }]);
    expect(claimed).toMatchObject({
      is: 'ok',
      issues: [{ state: 'in_progress', assignee: 'a', attempt: 1 }],
    });
    const [comment] = server.repository.comments;
    expect(comment?.body).toContain('**Assigned to a** (attempt 1, by jit-dispatch:d).');
    expect(comment?.body).toContain('\nTask type: research\n');
    expect(comment?.body).toContain('- [ ] it parses');
    expect(comment?.body).not.toContain(TOKEN);
    const { document } = await ask('issue', 'show', '1');
    expect(IssueOutput.parse(document)).toMatchObject({
      labels: expect.arrayContaining(['agent:a']),
      claim: { attempt: 1 },
    });
    expect(await tracker.ready()).toEqual([]);
    expect(await tracker.inState('in_progress')).toMatchObject([{ id: '1' }]);
  });

  test('are given back, tell what failed, rest, and are finished by being closed', async () => {
    const { server, time, open } = await shareForge(kind);
    const issue = server.repository.addIssue({ labels: ['ai'] });
    const { tracker } = await open();
    await tracker.call([claimCall('1', TOKEN)]);
    expect(await tracker.call([{ ...RELEASE, token: TOKEN, deferSecs: 600 }])).toMatchObject([
      { is: 'ok' },
    ]);
    expect(server.repository.labelsOf(issue).map(({ name }) => name)).toEqual(['ai']);
    expect(await tracker.ready()).toEqual([]);
    expect(await tracker.call([claimCall('1', OTHER)])).toMatchObject([
      { is: 'refused', exit: 4, code: 'BLOCKED' },
    ]);
    const [shown, history] = await tracker.call([
      { do: 'show', issue: '1' },
      { do: 'history', issue: '1' },
    ]);
    expect(shown).toMatchObject({
      issues: [
        {
          state: 'open',
          assignee: null,
          whole: {
            last_claim: { reason: 'failed (agent): x (run r1)' },
            blockers: [{ type: 'deferred' }],
          },
        },
      ],
    });
    expect(readHistory(history?.is === 'ok' ? (history.events ?? []) : [], 1)).toMatchObject({
      attempts: 1,
      failures: [{ agent: 'a', failed: 'agent', attempt: 1, reason: 'x (run r1)' }],
    });
    time.forward(601_000);
    expect(await tracker.ready()).toMatchObject([{ id: '1', attempt: 1 }]);
    expect(await tracker.call([claimCall('1', OTHER, { agent: 'b' })])).toMatchObject([
      { issues: [{ attempt: 2 }] },
    ]);
    expect(await tracker.call([{ do: 'finish', issue: '1', token: OTHER }])).toMatchObject([
      { is: 'ok' },
    ]);
    expect(issue).toMatchObject({
      state: 'closed',
      ...(kind === 'github' && { stateReason: 'completed' }),
    });
    expect(server.repository.labelsOf(issue).map(({ name }) => name)).toEqual(['ai']);
    // Settling after a crash asks the same again.
    expect(
      await tracker.call([
        { do: 'finish', issue: '1', token: OTHER },
        { do: 'show', issue: '1' },
      ]),
    ).toMatchObject([{ is: 'ok' }, { issues: [{ state: 'done', attempt: 2, isClaimed: false }] }]);
    expect(server.repository.comments).toHaveLength(4);
  });

  test('whose lease has ended are free, and go on where nobody took them', async () => {
    const { server, open } = await shareForge(kind);
    server.repository.addIssue({ labels: ['ai'] });
    const { tracker } = await open();
    await tracker.call([claimCall('1', TOKEN)]);
    letLeasesEnd(server, 1);
    expect(await tracker.ready()).toMatchObject([{ id: '1', state: 'ready', assignee: null }]);
    expect(await tracker.call([{ do: 'finish', issue: '1', token: TOKEN }])).toMatchObject([
      { exit: 7, code: 'LOST_CLAIM' },
    ]);
    expect(await tracker.call([{ do: 'heartbeat', issue: '1', token: TOKEN }])).toMatchObject([
      { is: 'ok', result: [{ resumed: true, attempt: 1 }] },
    ]);
    expect(await tracker.ready()).toEqual([]);
    letLeasesEnd(server, 1);
    expect(await tracker.call([claimCall('1', OTHER, { agent: 'b' })])).toMatchObject([
      { issues: [{ attempt: 2, assignee: 'b' }] },
    ]);
    expect(await tracker.call([{ do: 'heartbeat', issue: '1', token: TOKEN }])).toMatchObject([
      { exit: 7, code: 'LOST_CLAIM' },
    ]);
    const [history] = await tracker.call([{ do: 'history', issue: '1' }]);
    expect(history).toMatchObject({
      events: [{ type: 'claim_expired', attempt: 1, assignee: 'a' }],
    });
    expect(server.repository.findIssue(1)?.labels).toHaveLength(2);
  });

  test('are renewed by changing one comment', async () => {
    const { server, open } = await shareForge(kind);
    server.repository.addIssue({ labels: ['ai'] });
    const { tracker } = await open();
    await tracker.call([claimCall('1', TOKEN)]);
    letLeasesEnd(server, 1, 0.9);
    const before = server.repository.comments.map(({ body }) => body);
    expect(await tracker.call([{ do: 'heartbeat', issue: '1', token: TOKEN }])).toMatchObject([
      { is: 'ok', result: [{ resumed: false }] },
    ]);
    expect(server.repository.comments).toHaveLength(1);
    expect(server.repository.comments.map(({ body }) => body)).not.toEqual(before);
    const [shown] = await tracker.call([{ do: 'show', issue: '1' }]);
    const whole = shown?.is === 'ok' ? shown.issues[0]?.whole : null;
    const { claim } = whole as { claim: { expires_at: string } };
    expect(Date.parse(claim.expires_at) - Date.now()).toBeGreaterThan(3_590_000);
  });

  test('whose renewal comes after somebody else took them stay with that one', async () => {
    const { server, open } = await shareForge(kind);
    server.repository.addIssue({ labels: ['ai'] });
    const [first, second] = [await open(), await open()];
    await first.tracker.call([claimCall('1', TOKEN)]);
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const late = await open(
      {},
      {
        forge: {
          ...first.forge,
          async editComment(...edit) {
            vi.setSystemTime(Date.now() + 2 * 3_600_000);
            const taken = await second.tracker.call([claimCall('1', OTHER, { agent: 'b' })]);
            expect(taken).toMatchObject([{ is: 'ok' }]);
            return first.forge.editComment(...edit);
          },
        },
      },
    );
    const renew = { do: 'heartbeat', issue: '1', token: TOKEN } as const;
    const release = { ...RELEASE, token: TOKEN };
    expect(await late.tracker.call([renew, release])).toMatchObject([{ exit: 7 }, { exit: 7 }]);
    expect(await first.tracker.call([{ do: 'show', issue: '1' }])).toMatchObject([
      { issues: [{ state: 'in_progress', assignee: 'b', attempt: 2 }] },
    ]);
    expect(await second.tracker.call([{ ...renew, token: OTHER }])).toMatchObject([{ is: 'ok' }]);
  });

  test('claimed for a person, they are held without an end until the person or the dispatcher ends that', async () => {
    const { server, open } = await shareForge(kind);
    const issue = server.repository.addIssue({ labels: ['ai'] });
    const { tracker, ask } = await open();
    const claim = claimCall('1', TOKEN, { agent: 'ana', ttlSecs: null });
    expect(await tracker.call([claim])).toMatchObject([{ is: 'ok' }]);
    letLeasesEnd(server, 1, 10_000);
    expect(await tracker.ready()).toEqual([]);
    expect(await tracker.call([{ do: 'show', issue: '1' }, claimCall('1', OTHER)])).toMatchObject([
      {
        issues: [{ state: 'in_progress', whole: { claim: { ttl_secs: null, expires_at: null } } }],
      },
      { exit: 6, code: 'ALREADY_CLAIMED' },
    ]);
    // A person has no token. What they have done the dispatcher may check, and has a lease meanwhile.
    const renew = { do: 'heartbeat', issue: '1', token: TOKEN } as const;
    expect(await tracker.call([renew, { ...renew, ttlSecs: 600 }])).toMatchObject([
      { exit: 2, code: 'USAGE' },
      { is: 'ok', result: [{ resumed: false, expires_at: expect.any(String) }] },
    ]);
    expect(await ask('issue', 'update', '1', '--state', 'done')).toMatchObject({ exit: 6 });
    expect(await tracker.call([{ ...RELEASE, token: TOKEN }, claim])).toMatchObject([
      { is: 'ok' },
      { is: 'refused', exit: 7 },
    ]);
    await tracker.call([{ ...claim, token: OTHER }]);
    expect(await ask('issue', 'update', '1', '--state', 'done')).toMatchObject({ exit: 0 });
    expect(issue.state).toBe('closed');
  });

  test('tell their claims in the order in which they were made, however short after each other', async () => {
    const { server, open } = await shareForge(kind);
    for (let count = 0; count < 3; count += 1) server.repository.addIssue({ labels: ['ai'] });
    const { tracker } = await open();
    for (const id of ['2', '3', '1'])
      await tracker.call([claimCall(id, id.repeat(20), { agent: `agent-of-${id}` })]);
    const createdAt = server.repository.now();
    for (const comment of server.repository.comments) Object.assign(comment, { createdAt });
    const seen = await open();
    const [claims] = await seen.tracker.call([{ do: 'claims' }]);
    const events = claims?.is === 'ok' ? claims.events : [];
    expect(events?.map(({ assignee }) => assignee)).toEqual([
      ...['agent-of-2', 'agent-of-3', 'agent-of-1'],
    ]);
  });

  test('that are reserved, unwanted, closed or pull requests are not given out', async () => {
    const { server, open } = await shareForge(kind);
    const { repository } = server;
    repository.addIssue({ title: 'for a person', labels: ['ai'], assignees: ['ann'] });
    repository.addIssue({ title: 'for an agent', labels: ['ai', 'agent:b'] });
    repository.addIssue({ title: 'without the label', labels: ['bug'] });
    repository.addIssue({
      title: 'a pull request',
      labels: ['ai'],
      pull: { head: 'x', base: 'main', isDraft: false, mergedAt: null },
    });
    repository.addIssue({ title: 'closed', labels: ['ai'] }).state = 'closed';
    const { tracker, ask } = await open();
    expect(await tracker.ready()).toMatchObject([
      { id: '1', assignee: 'ann' },
      { id: '2', assignee: 'b' },
    ]);
    expect(
      await tracker.call(['1', '2', '3', '4', '5', '6', 'x'].map((id) => claimCall(id, TOKEN))),
    ).toMatchObject([
      { exit: 6, code: 'RESERVED' },
      { exit: 6, code: 'RESERVED' },
      { exit: 6, code: 'CONDITION_NOT_MET' },
      { exit: 3, code: 'NOT_FOUND' },
      { exit: 4, code: 'ILLEGAL_MOVE' },
      { exit: 3, code: 'NOT_FOUND' },
      { exit: 3, code: 'NOT_FOUND' },
    ]);
    expect(repository.comments).toEqual([]);
    expect(await ask('issue', 'explain', '3')).toMatchObject({
      document: { ready: false, summary: '3 has not the labels ai.' },
    });
  });

  test('are escalated once, with label and comment, until a person takes the label off', async () => {
    const { server, open } = await shareForge(kind);
    const issue = server.repository.addIssue({ labels: ['ai'] });
    const { tracker } = await open();
    await tracker.call([claimCall('1', TOKEN), { ...RELEASE, token: TOKEN }]);
    const escalate = [
      { do: 'escalate', issue: '1', state: 'ready' },
      { do: 'comment', issue: '1', text: 'look (escalation e1)' },
    ] as const;
    expect(await tracker.callTogether(escalate)).toMatchObject([{ is: 'ok' }, { is: 'ok' }]);
    expect(await tracker.callTogether(escalate)).toMatchObject([
      { code: 'CONDITION_NOT_MET' },
      { code: 'ROLLED_BACK' },
    ]);
    const attempts = async () => {
      const [history] = await tracker.call([{ do: 'history', issue: '1' }]);
      return readHistory(history?.is === 'ok' ? (history.events ?? []) : [], 1).attempts;
    };
    expect(await tracker.ready()).toMatchObject([{ labels: ['ai', ESCALATED_LABEL] }]);
    expect(await attempts()).toBe(1);
    server.repository.unlabel(issue, ESCALATED_LABEL);
    expect(await tracker.ready()).toMatchObject([{ labels: ['ai'] }]);
    expect(await attempts()).toBe(0);
    await tracker.call([claimCall('1', OTHER)]);
    expect(await attempts()).toBe(0);
    const [comments] = await tracker.call([{ do: 'comments', issue: '1' }]);
    expect(comments).toMatchObject({
      events: [{ text: 'look (escalation e1)', actor: 'jit-dispatch:d' }],
    });
  });

  test('are held, admitted, reserved and let rest by labels and comments', async () => {
    const { server, open } = await shareForge(kind);
    server.repository.addIssue({ labels: ['ai', HELD_LABEL] });
    const { tracker, ask } = await open();
    await tracker.call([{ do: 'defer', issue: '1', until: '2099-01-01T00:00:00.000Z' }]);
    expect(
      await tracker.callTogether([
        { do: 'reserve', issue: '1', agent: 'b' },
        { do: 'admit', issue: '1', priority: 'high' },
      ]),
    ).toMatchObject([{ is: 'ok' }, { is: 'ok' }]);
    expect(await tracker.ready()).toMatchObject([
      { id: '1', labels: ['ai', 'agent:b', 'priority:high'], assignee: 'b', priority: 'high' },
    ]);
    const stolen = [
      { do: 'is_reserved', issue: '1', agent: 'b' },
      { do: 'reserve', issue: '1', agent: 'c' },
    ] as const;
    expect(await tracker.callTogether(stolen)).toMatchObject([{ is: 'ok' }, { is: 'ok' }]);
    expect(await tracker.callTogether(stolen)).toMatchObject([
      { code: 'CONDITION_NOT_MET' },
      { code: 'ROLLED_BACK' },
    ]);
    await ask('issue', 'update', '1', '--meta', 'dispatch.prefer=c');
    const [shown] = await tracker.call([{ do: 'show', issue: '1' }]);
    expect(shown).toMatchObject({
      issues: [{ assignee: 'c', whole: { metadata: { 'dispatch.prefer': 'c' } } }],
    });
  });

  test('whose comments strangers write as ours are not fooled', async () => {
    const { server, open } = await shareForge(kind);
    server.repository.addIssue({ labels: ['ai'] });
    const { tracker } = await open();
    await tracker.call([claimCall('1', TOKEN)]);
    const [ours] = server.repository.comments;
    server.repository.addIssue({ labels: ['ai'] });
    server.repository.addComment(2, 'eve', ours?.body ?? '');
    server.repository.addComment(
      1,
      'eve',
      `<!-- jit-dispatch:release {"claim":${ours?.id},"how":"released","reason":null,"failed":null,"defer_until":null,"by":"x"} -->`,
    );
    server.repository.addComment(
      2,
      'robot',
      `> ${ours?.body.split('\n').at(-1)}\nis what it wrote`,
    );
    expect(await tracker.ready()).toMatchObject([{ id: '2', attempt: 0 }]);
    expect(await tracker.inState('in_progress')).toMatchObject([{ id: '1' }]);
  });

  test('are not given to an agent that holds as many as it may', async () => {
    const { server, open } = await shareForge(kind);
    for (let count = 0; count < 4; count += 1) server.repository.addIssue({ labels: ['ai'] });
    const { tracker } = await open();
    const claims = ['1', '2', '3', '4'].map((id) => claimCall(id, id.repeat(20), { maxHeld: 2 }));
    const answers = await tracker.call(claims);
    expect(answers.filter(({ is }) => is === 'ok')).toHaveLength(2);
    const late = await tracker.call([claimCall('4', OTHER, { maxHeld: 2 })]);
    expect(late).toMatchObject([{ exit: 6, code: 'ASSIGNEE_FULL' }]);
  });

  test('assign whom the configuration names while they are claimed', async () => {
    const { server, open } = await shareForge(kind);
    const issue = server.repository.addIssue({ labels: ['ai'] });
    const { tracker } = await open({ assign: 'bob', agentLabel: '{agent_id}-ready' });
    await tracker.call([claimCall('1', TOKEN)]);
    expect(issue.assignees).toEqual(['bob']);
    expect(server.repository.labelsOf(issue).map(({ name }) => name)).toEqual(['ai', 'a-ready']);
    letLeasesEnd(server, 1);
    expect(await tracker.ready()).toMatchObject([{ assignee: null }]);
    await tracker.call([claimCall('1', OTHER), { ...RELEASE, token: OTHER }]);
    expect(issue.assignees).toEqual([]);
  });

  test('what it does not know is refused with what there is', async () => {
    const { open } = await shareForge(kind);
    const { ask } = await open();
    expect(await ask('issue', 'create', 'x')).toMatchObject({
      exit: 2,
      document: { error: { code: 'USAGE', hint: expect.stringContaining('issue claim') } },
    });
    expect(await ask('issue', 'show', '1', '--full')).toMatchObject({ exit: 2 });
    expect(await ask('gate', 'run', '1')).toMatchObject({ exit: 3 });
  });
});
