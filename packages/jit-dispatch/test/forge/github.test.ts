import { expect, test } from 'vitest';
import { FORGES } from './open-forges.ts';

const OPEN = { labels: [], state: 'open', since: null } as const;

test('asking GitHub again for what did not change costs nothing of its rate limit, and changes are seen', async () => {
  const { forge, server } = await FORGES.github();
  for (let count = 0; count < 250; count += 1) server.repository.addIssue();
  await forge.listIssues(OPEN);
  const spent = server.used();
  for (let count = 0; count < 10; count += 1)
    expect(await forge.listIssues(OPEN)).toHaveLength(250);
  expect([spent, server.used()]).toEqual([3, 3]);
  expect(server.got.filter(({ status }) => status === 304)).toHaveLength(30);
  const changed = server.repository.findIssue(120);
  if (changed) changed.title = 'Another title';
  const found = await forge.listIssues(OPEN);
  expect(found[119]).toMatchObject({ number: 120, title: 'Another title' });
  expect(server.used()).toBe(4);
  console.log('github: 12 looks at 250 issues made 36 requests, of which 4 counted');
});

test('a rate limit that GitHub tells by its headers is kept until its hour is over', async () => {
  const { forge, server, time } = await FORGES.github();
  server.repository.addIssue();
  server.limit = 2;
  await forge.addComment(1, 'one');
  await forge.addComment(1, 'two');
  for (let count = 0; count < 5; count += 1)
    await expect(forge.addComment(1, 'three')).rejects.toMatchObject({
      code: 'FORGE_RATE_LIMITED',
      details: { retry_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
    });
  expect(server.got).toHaveLength(3);
  server.limit = 5000;
  time.forward(3_601_000);
  expect(await forge.addComment(1, 'three')).toMatchObject({ body: 'three' });
});

test('a secondary rate limit without a time is kept for a minute', async () => {
  const { forge, server, time } = await FORGES.github();
  server.repository.addIssue();
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes.';
  server.fault({ does: 'answer', answer: { status: 403, body: { message } }, times: 1 });
  await expect(forge.findIssue(1)).rejects.toMatchObject({ code: 'FORGE_RATE_LIMITED' });
  time.forward(59_000);
  await expect(forge.findIssue(1)).rejects.toMatchObject({ code: 'FORGE_RATE_LIMITED' });
  expect(server.got).toHaveLength(1);
  time.forward(1_500);
  expect(await forge.findIssue(1)).toMatchObject({ number: 1 });
});

test('why an issue of GitHub was closed is kept, and gone when it is open again', async () => {
  const { forge, server } = await FORGES.github();
  server.repository.addIssue();
  expect(await forge.closeIssue(1, 'not_planned')).toMatchObject({ state_reason: 'not_planned' });
  expect(await forge.reopenIssue(1)).toMatchObject({ state: 'open', state_reason: 'reopened' });
});

test('a deleted issue of GitHub is not there; issues that were switched off are an error', async () => {
  const { forge, server } = await FORGES.github();
  const gone = { status: 410, body: { message: 'This issue was deleted' } };
  server.fault({ does: 'answer', answer: gone, times: 1 });
  expect(await forge.findIssue(1)).toBeNull();
  server.repository.hasIssues = false;
  await expect(forge.findIssue(1)).rejects.toMatchObject({
    code: 'FORGE_NOT_FOUND',
    message: expect.stringContaining('Issues are disabled'),
  });
});

test('people who may not be assigned are left out of the answer, as GitHub says nothing of it', async () => {
  const { forge, server } = await FORGES.github();
  server.repository.addIssue();
  expect(await forge.assign(1, ['stranger', 'bob'])).toEqual(['bob']);
});

test('a label that another dispatcher makes after the look for it is used', async () => {
  const { forge, server } = await FORGES.github();
  server.repository.addIssue();
  const label = { name: 'agent:ann', color: '0075ca', description: '' };
  server.fault({
    does: 'reset',
    when: ({ method, path }) => {
      const isMaking = method === 'POST' && path.endsWith('anvil/labels');
      if (isMaking) server.repository.addLabel(label.name);
      return false;
    },
  });
  await forge.addLabel(1, label);
  expect(server.got.map(({ status }) => status)).toEqual([404, 422, 200]);
  expect(server.repository.labels).toHaveLength(1);
  expect(await forge.findIssue(1)).toMatchObject({ labels: ['agent:ann'] });
});

test('a label with the name of a folder is refused: without it all labels would go', async () => {
  const { forge, server } = await FORGES.github();
  server.repository.addIssue({ labels: ['.', 'other'] });
  await expect(forge.removeLabel(1, '.')).rejects.toMatchObject({ code: 'USAGE' });
  expect(server.got).toEqual([]);
  expect(await forge.addComment(1, '..')).toMatchObject({ body: '..' });
});
