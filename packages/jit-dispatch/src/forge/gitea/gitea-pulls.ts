import type { CreatePullRequestOption } from 'gitea-js';
import type { Forge } from '../forge.ts';
import { expectStatus, parseReply } from '../reply.ts';
import { BranchAnswer, PullAnswer, UserAnswer } from './gitea-answers.ts';
import type { GiteaClient } from './gitea-client.ts';

type PullCalls = Pick<
  Forge,
  'whoAmI' | 'findDefaultBranch' | 'hasBranch' | 'findBranchCommit' | 'findPulls' | 'openPull'
>;

/** Branches and pull requests on Gitea. */
export function giteaPulls(client: GiteaClient): PullCalls {
  const pulls = [...client.repository, 'pulls'];
  return {
    async whoAmI() {
      return parseReply(UserAnswer, expectStatus(await client.ask('GET', ['user']), 200)).login;
    },
    findDefaultBranch: async () => (await client.readRepository()).default_branch,
    async hasBranch(branch) {
      const path = [...client.repository, 'branches', ...branch.split('/')];
      const reply = await client.ask('GET', path);
      if (await client.isAbsent(reply)) return false;
      return parseReply(BranchAnswer, expectStatus(reply, 200)).name === branch;
    },
    async findBranchCommit(branch) {
      const reply = await client.ask('GET', [
        ...client.repository,
        'branches',
        ...branch.split('/'),
      ]);
      if (await client.isAbsent(reply)) return null;
      const found = parseReply(BranchAnswer, expectStatus(reply, 200));
      return found.name === branch ? found.commit.id : null;
    },
    async findPulls({ head, since, withClosed = false }) {
      const floor = since === null ? Number.NEGATIVE_INFINITY : Date.parse(since);
      const isOld = (at: string) => Date.parse(at) < floor;
      const found = await client.readAll(pulls, PullAnswer, {
        what: 'pull requests',
        query: { state: 'all', sort: 'recentupdate' },
        isEnough: (items) => items.some(({ pull }) => isOld(pull.updated_at)),
      });
      const matching = found
        .filter(({ isFromFork }) => !isFromFork)
        .map(({ pull }) => pull)
        .filter((pull) => pull.head === head && !isOld(pull.updated_at))
        .filter(({ state }) => withClosed || state !== 'closed');
      const byNumber = new Map(matching.map((pull) => [pull.number, pull]));
      return [...byNumber.values()].toSorted((a, b) => b.number - a.number);
    },
    async openPull({ title, body, head, base, draft }) {
      // A title that begins so is what a draft is on Gitea.
      const wanted: CreatePullRequestOption = {
        title: draft ? `WIP: ${title}` : title,
        body,
        head,
        base,
      };
      const reply = await client.ask('POST', pulls, { body: wanted });
      return parseReply(PullAnswer, expectStatus(reply, 201)).pull;
    },
  };
}
