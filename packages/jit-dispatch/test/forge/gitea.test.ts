import { expect, test } from 'vitest';
import { FORGES } from './open-forges.ts';

const LABEL = { name: 'agent:ann', color: '0075ca', description: '' };

test('a label of the organisation is used, and none of its name is made', async () => {
  const { forge, server } = await FORGES.gitea({ isOrganisation: true });
  server.repository.organisationLabels.push({ id: 7, ...LABEL });
  server.repository.addIssue();
  await forge.addLabel(1, LABEL);
  expect(await forge.findIssue(1)).toMatchObject({ labels: [LABEL.name] });
  expect(server.repository.labels).toEqual([]);
  // Gitea forgets about labels of organisations when it filters, and gives all issues.
  server.repository.addIssue();
  const filter = { labels: [LABEL.name], state: 'open', since: null } as const;
  expect((await forge.listIssues(filter)).map(({ number }) => number)).toEqual([1]);
  await forge.removeLabel(1, LABEL.name);
  expect(await forge.listIssues(filter)).toEqual([]);
});

test('of two labels of one name, made at the same moment, the first one is used by both', async () => {
  const { forge, server } = await FORGES.gitea();
  server.repository.addIssue();
  server.fault({
    does: 'reset',
    when: ({ method, path }) => {
      const isMaking = method === 'POST' && path.endsWith('anvil/labels');
      if (isMaking) server.repository.addLabel(LABEL.name);
      return false;
    },
  });
  await forge.addLabel(1, LABEL);
  const [first, second] = server.repository.labels;
  expect([first?.name, second?.name]).toEqual([LABEL.name, LABEL.name]);
  expect(server.repository.findIssue(1)?.labels).toEqual([first?.id]);
});

test('pages are known by the total as well, where something between takes the links away', async () => {
  const { forge, server } = await FORGES.gitea({ hasLinks: false, mostItems: 20 });
  for (let count = 0; count < 45; count += 1) server.repository.addIssue();
  const found = await forge.listIssues({ labels: [], state: 'open', since: null });
  expect(found).toHaveLength(45);
  expect(server.count('GET', '/issues')).toBe(3);
});

test('a label that a person put on twice under one name is taken off whole', async () => {
  const { forge, server } = await FORGES.gitea();
  const issue = server.repository.addIssue();
  for (const _ of [1, 2]) issue.labels.push(server.repository.addLabel(LABEL.name).id);
  await forge.removeLabel(1, LABEL.name);
  expect(await forge.findIssue(1)).toMatchObject({ labels: [] });
});

test('of many pull requests only those that changed since a time are read', async () => {
  const { forge, server } = await FORGES.gitea();
  const pull = { head: 'old', base: 'main', isDraft: false, mergedAt: null };
  for (let count = 0; count < 400; count += 1)
    server.repository.addIssue({ pull }).updatedAt = '2020-01-01T00:00:00Z';
  server.repository.addIssue({ pull: { ...pull, head: 'jit/one' } });
  const since = '2024-01-01T00:00:00Z';
  expect(await forge.findPulls({ head: 'jit/one', since })).toMatchObject([{ number: 401 }]);
  expect(server.count('GET', '/pulls')).toBe(1);
  expect(await forge.findPulls({ head: 'jit/one', since: null })).toHaveLength(1);
  expect(server.count('GET', '/pulls')).toBe(10);
});

test('somebody who may not be assigned is refused in the words of Gitea', async () => {
  const { forge, server } = await FORGES.gitea();
  server.repository.addIssue();
  await expect(forge.assign(1, ['stranger'])).rejects.toMatchObject({
    code: 'FORGE_REFUSED',
    message: expect.stringContaining('Assignee does not exist'),
  });
});
