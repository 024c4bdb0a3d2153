import { z } from 'zod';
import type { Forge } from '../forge.ts';
import { findNext, readPages } from '../read-pages.ts';
import { expectStatus, parseReply } from '../reply.ts';
import { BranchAnswer, LabelAnswer, PullAnswer, UserAnswer } from './github-answers.ts';
import type { GithubClient } from './github-client.ts';

type RepositoryCalls = Pick<
  Forge,
  | 'listLabels'
  | 'addLabel'
  | 'removeLabel'
  | 'whoAmI'
  | 'findDefaultBranch'
  | 'hasBranch'
  | 'findBranchCommit'
  | 'findPulls'
  | 'openPull'
>;

const REPOSITORY = '/repos/{owner}/{repo}';
const PER_PAGE = 100;
const ALREADY_THERE = 422;

/** Labels, branches and pull requests on GitHub. */
export function githubRepository(client: GithubClient): RepositoryCalls {
  /** Labels that were seen: if one is deleted meanwhile, GitHub makes it again in its own colour. */
  const seen = new Set<string>();

  const ensureLabel = async (name: string, color: string, description: string): Promise<void> => {
    if (seen.has(name)) return;
    const found = await client.ask(`GET ${REPOSITORY}/labels/{name}`, { name });
    if (found.status !== 200) {
      if (found.status !== 404) expectStatus(found, 200);
      const made = await client.ask(`POST ${REPOSITORY}/labels`, { name, color, description });
      // Another one was quicker.
      const isThere =
        made.status === ALREADY_THERE && JSON.stringify(made.data).includes('already_exists');
      if (!isThere) expectStatus(made, 201);
    }
    seen.add(name);
  };

  return {
    listLabels: () =>
      readPages(
        {},
        async (page) => {
          const given = { per_page: PER_PAGE, ...page };
          const reply = expectStatus(await client.ask(`GET ${REPOSITORY}/labels`, given), 200);
          return { items: parseReply(z.array(LabelAnswer), reply), next: findNext(reply) };
        },
        { what: 'labels' },
      ),
    async addLabel(issue_number, { name, color, description }) {
      await ensureLabel(name, color, description);
      const given = { issue_number, labels: [name] };
      const reply = await client.ask(`POST ${REPOSITORY}/issues/{issue_number}/labels`, given);
      parseReply(z.array(LabelAnswer), expectStatus(reply, 200));
    },
    async removeLabel(issue_number, name) {
      const given = { issue_number, name };
      const route = `DELETE ${REPOSITORY}/issues/{issue_number}/labels/{name}` as const;
      const reply = await client.ask(route, given);
      if (!(await client.isAbsent(reply)))
        parseReply(z.array(LabelAnswer), expectStatus(reply, 200));
    },

    async whoAmI() {
      return parseReply(UserAnswer, expectStatus(await client.ask('GET /user', {}), 200)).login;
    },
    findDefaultBranch: async () => (await client.readRepository()).default_branch,
    async hasBranch(branch) {
      const reply = await client.ask(`GET ${REPOSITORY}/branches/{branch}`, { branch });
      if (await client.isAbsent(reply)) return false;
      return parseReply(BranchAnswer, expectStatus(reply, 200)).name === branch;
    },
    async findBranchCommit(branch) {
      const reply = await client.ask(`GET ${REPOSITORY}/branches/{branch}`, { branch });
      if (await client.isAbsent(reply)) return null;
      const found = parseReply(BranchAnswer, expectStatus(reply, 200));
      return found.name === branch ? found.commit.sha : null;
    },

    async findPulls({ head, since, withClosed = false }) {
      const found = await readPages(
        {},
        async (page) => {
          const reply = await client.ask(`GET ${REPOSITORY}/pulls`, {
            state: 'all',
            head: `${client.owner}:${head}`,
            per_page: PER_PAGE,
            ...page,
          });
          const items = parseReply(z.array(PullAnswer), expectStatus(reply, 200));
          return { items, next: findNext(reply) };
        },
        { what: `pull requests of ${head}` },
      );
      const floor = since === null ? Number.NEGATIVE_INFINITY : Date.parse(since);
      return found
        .filter((pull) => pull.head === head && (withClosed || pull.state !== 'closed'))
        .filter((pull) => Date.parse(pull.updated_at) >= floor)
        .toSorted((a, b) => b.number - a.number);
    },
    async openPull({ title, body, head, base, draft }) {
      const given = { title, body, head, base, draft };
      const reply = await client.ask(`POST ${REPOSITORY}/pulls`, given);
      return parseReply(PullAnswer, expectStatus(reply, 201));
    },
  };
}
