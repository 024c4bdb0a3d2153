import { describe, expect, test } from 'vitest';
import type { OpenForge } from './open-forges.ts';

const LABEL = { name: 'agent:ann', color: '0075ca', description: 'for ann' };
const ALL = { labels: [], state: 'all', since: null } as const;

/** What every forge does alike. `name`: of the forge; `open`: one over a server that holds nothing yet. */
export function describeForge(name: string, open: () => Promise<OpenForge>): void {
  describe(`${name} as a forge`, () => {
    test('lists the open issues that have all labels, by number, without pull requests', async () => {
      const { forge, server } = await open();
      const { repository } = server;
      repository.addIssue({ title: 'Both', body: 'text', labels: ['a', 'b'], assignees: ['bob'] });
      repository.addIssue({ labels: ['a'] });
      repository.addIssue({ labels: ['a', 'b'] }).state = 'closed';
      repository.addIssue({ labels: ['b', 'a'] });
      const pull = { head: 'x', base: 'main', isDraft: false, mergedAt: null };
      repository.addIssue({ labels: ['a', 'b'], pull });
      const filter = { labels: ['a', 'b'], state: 'open', since: null } as const;
      const found = await forge.listIssues(filter);
      expect(found.map(({ number }) => number)).toEqual([1, 4]);
      expect(found[0]).toEqual({
        number: 1,
        title: 'Both',
        body: 'text',
        state: 'open',
        state_reason: null,
        labels: ['a', 'b'],
        assignees: ['bob'],
        author: 'ann',
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
        updated_at: expect.stringMatching(/^\d{4}-.*Z$/),
        url: expect.stringMatching(/\/issues\/1$/),
        is_pull_request: false,
      });
      const closed = await forge.listIssues({ ...filter, state: 'closed' });
      expect(closed.map(({ number }) => number)).toEqual([3]);
      expect(await forge.listIssues({ ...filter, labels: ['a', 'nobody has it'] })).toEqual([]);
      expect(await forge.listIssues({ ...ALL, since: '2999-01-01T00:00:00Z' })).toEqual([]);
    });

    test('lists every one of 230 issues, each once', async () => {
      const { forge, server } = await open();
      for (let count = 0; count < 230; count += 1) server.repository.addIssue({ labels: ['a'] });
      const found = await forge.listIssues({ ...ALL, labels: ['a'] });
      expect(found.map(({ number }) => number)).toEqual(
        Array.from({ length: 230 }, (_, index) => index + 1),
      );
      console.log(`${name}: 230 issues took ${server.count('GET', '/issues')} requests`);
    });

    test('finds one issue, and says null only of those that are not there', async () => {
      const { forge, server, again } = await open();
      server.repository.addIssue({ title: 'One' });
      expect(await forge.findIssue(1)).toMatchObject({ number: 1, title: 'One', body: '' });
      expect(await forge.findIssue(2)).toBeNull();
      const elsewhere = await again({ repository: 'acme/other' });
      await expect(elsewhere.findIssue(1)).rejects.toMatchObject({
        kind: 'not_found',
        code: 'FORGE_NOT_FOUND',
        details: { status: 404 },
      });
    });

    test('closes and opens an issue, also again', async () => {
      const { forge, server } = await open();
      server.repository.addIssue();
      expect(await forge.closeIssue(1, 'completed')).toMatchObject({ state: 'closed' });
      expect(await forge.closeIssue(1, 'completed')).toMatchObject({ state: 'closed' });
      expect(await forge.findIssue(1)).toMatchObject({ state: 'closed' });
      expect(await forge.reopenIssue(1)).toMatchObject({ state: 'open' });
      await expect(forge.closeIssue(9, 'completed')).rejects.toMatchObject({
        code: 'FORGE_NOT_FOUND',
      });
    });

    test('gives comments ids that grow over all issues, and lists 120 of them by these', async () => {
      const { forge, server } = await open();
      server.repository.addIssue();
      server.repository.addIssue();
      const first = await forge.addComment(1, 'claim of run-1');
      const other = await forge.addComment(2, 'on another issue');
      const second = await forge.addComment(1, 'claim of run-2');
      expect([first.id < other.id, other.id < second.id]).toEqual([true, true]);
      expect(first).toMatchObject({ author: 'robot', body: 'claim of run-1' });
      for (let count = 2; count < 120; count += 1)
        server.repository.addComment(1, 'ann', `comment ${count}`);
      const found = await forge.listComments(1);
      expect(found).toHaveLength(120);
      expect(found.map(({ id }) => id)).toEqual(
        found.map(({ id }) => id).toSorted((a, b) => a - b),
      );
      expect(found[0]).toEqual(first);
    });

    test('finds a comment by a marker, changes it, and removes it, also again', async () => {
      const { forge, server } = await open();
      server.repository.addIssue();
      const { id } = await forge.addComment(1, 'hello <!-- run-1 -->');
      await forge.addComment(1, 'later <!-- run-1 -->');
      expect(await forge.findComment(1, '<!-- run-1 -->')).toMatchObject({ id });
      expect(await forge.findComment(1, '<!-- run-2 -->')).toBeNull();
      expect(await forge.editComment(id, 'changed')).toMatchObject({ id, body: 'changed' });
      await forge.deleteComment(id);
      await forge.deleteComment(id);
      const left = await forge.listComments(1);
      expect(left.map(({ body }) => body)).toEqual(['later <!-- run-1 -->']);
      await expect(forge.editComment(id, 'x')).rejects.toMatchObject({ code: 'FORGE_NOT_FOUND' });
      await expect(forge.addComment(9, 'x')).rejects.toMatchObject({ code: 'FORGE_NOT_FOUND' });
    });

    test('puts a label on that it makes once, with its colour, and takes it off, each also again', async () => {
      const { forge, server } = await open();
      const { repository } = server;
      for (let count = 0; count < 110; count += 1) repository.addLabel(`label-${count}`);
      repository.addIssue();
      repository.addIssue();
      await forge.addLabel(1, LABEL);
      await forge.addLabel(1, LABEL);
      await forge.addLabel(2, { ...LABEL, name: 'label-109' });
      expect(await forge.findIssue(1)).toMatchObject({ labels: [LABEL.name] });
      expect(await forge.findIssue(2)).toMatchObject({ labels: ['label-109'] });
      const labels = await forge.listLabels();
      expect(labels).toHaveLength(111);
      expect(labels.filter((label) => label.name === LABEL.name)).toEqual([LABEL]);
      await forge.removeLabel(1, LABEL.name);
      await forge.removeLabel(1, LABEL.name);
      await forge.removeLabel(1, 'never existed');
      expect(await forge.findIssue(1)).toMatchObject({ labels: [] });
    });

    test('knows labels and branches whose names look like paths', async () => {
      const { forge, server } = await open();
      const hostile = { ...LABEL, name: '../x?y#z é/%2e' };
      server.repository.addIssue();
      server.repository.addBranch('jit/ab12');
      await forge.addLabel(1, hostile);
      expect(await forge.findIssue(1)).toMatchObject({ labels: [hostile.name] });
      await forge.removeLabel(1, hostile.name);
      expect(await forge.findIssue(1)).toMatchObject({ labels: [] });
      expect(await forge.hasBranch('jit/ab12')).toBe(true);
      expect(await forge.hasBranch('jit/none')).toBe(false);
      expect(await forge.hasBranch('main?x=1#y')).toBe(false);
      const commit = server.repository.branches.get('jit/ab12');
      expect(await forge.findBranchCommit('jit/ab12')).toBe(commit);
      expect(await forge.findBranchCommit('jit/none')).toBeNull();
      const asked = server.got.length;
      await expect(forge.hasBranch('..')).rejects.toMatchObject({ code: 'USAGE' });
      expect(server.got).toHaveLength(asked);
    });

    test('assigns and unassigns people, and leaves the others', async () => {
      const { forge, server } = await open();
      server.repository.addIssue({ assignees: ['bob'] });
      expect(await forge.assign(1, ['ann'])).toEqual(['bob', 'ann']);
      expect(await forge.assign(1, ['ann'])).toEqual(['bob', 'ann']);
      expect(await forge.unassign(1, ['bob', 'nobody'])).toEqual(['ann']);
      expect(await forge.findIssue(1)).toMatchObject({ assignees: ['ann'] });
    });

    test('says who it is, which branch is the default one, and its name', async () => {
      const { forge } = await open();
      expect(await forge.whoAmI()).toBe('robot');
      expect(await forge.findDefaultBranch()).toBe('main');
      expect(forge.name).toMatch(/^127\.0\.0\.1:\d+\/acme\/anvil$/);
    });

    test('opens a pull request once, and finds it open and merged, but not closed', async () => {
      const { forge, server } = await open();
      server.repository.addBranch('jit/one');
      server.repository.addBranch('jit/two');
      const facts = { title: 'One', body: 'why', base: 'main', draft: false };
      const pull = await forge.openPull({ ...facts, head: 'jit/one' });
      expect(pull).toMatchObject({
        number: 1,
        title: 'One',
        state: 'open',
        is_draft: false,
        head: 'jit/one',
        base: 'main',
      });
      await expect(forge.openPull({ ...facts, head: 'jit/one' })).rejects.toMatchObject({
        kind: 'conflict',
        code: 'FORGE_CONFLICT',
      });
      const draft = await forge.openPull({ ...facts, head: 'jit/two', draft: true });
      expect(draft).toMatchObject({ is_draft: true });
      const search = { head: 'jit/one', since: null };
      expect(await forge.findPulls(search)).toEqual([pull]);
      expect(await forge.findPulls({ ...search, since: '2999-01-01T00:00:00Z' })).toEqual([]);

      const kept = server.repository.findIssue(1);
      if (kept?.pull) kept.pull.mergedAt = server.repository.now();
      if (kept) kept.state = 'closed';
      server.repository.branches.delete('jit/one');
      expect(await forge.findPulls(search)).toMatchObject([{ number: 1, state: 'merged' }]);
      if (kept?.pull) kept.pull.mergedAt = null;
      expect(await forge.findPulls(search)).toEqual([]);
      expect(await forge.findPulls({ ...search, withClosed: true })).toMatchObject([
        { number: 1, state: 'closed', head_commit: pull.head_commit },
      ]);
      expect(await forge.listIssues(ALL)).toEqual([]);
    });

    test('refuses a pull request without changes in the words of the forge', async () => {
      const { forge } = await open();
      const facts = { title: 'One', body: '', head: 'main', base: 'main', draft: false };
      await expect(forge.openPull(facts)).rejects.toMatchObject({
        kind: 'invalid',
        code: 'FORGE_REFUSED',
        message: expect.stringMatching(/No (commits|changes) between/),
        details: { status: 422 },
      });
    });
  });
}
