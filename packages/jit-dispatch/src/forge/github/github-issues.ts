import { z } from 'zod';
import type { Forge, ForgeComment, ForgeIssue } from '../forge.ts';
import { findNext, readPages } from '../read-pages.ts';
import { expectStatus, parseReply } from '../reply.ts';
import { CommentAnswer, IssueAnswer } from './github-answers.ts';
import type { GithubClient } from './github-client.ts';

type IssueCalls = Pick<
  Forge,
  | 'listIssues'
  | 'findIssue'
  | 'closeIssue'
  | 'reopenIssue'
  | 'assign'
  | 'unassign'
  | 'listComments'
  | 'findComment'
  | 'addComment'
  | 'editComment'
  | 'deleteComment'
>;

const ISSUE = '/repos/{owner}/{repo}/issues/{issue_number}';
const COMMENT = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
const PER_PAGE = 100;

/** Issues and their comments on GitHub. */
export function githubIssues(client: GithubClient): IssueCalls {
  const change = async (
    issue_number: number,
    to: { state: 'open' | 'closed'; state_reason: 'completed' | 'not_planned' | 'reopened' },
  ): Promise<ForgeIssue> => {
    const reply = await client.ask(`PATCH ${ISSUE}`, { issue_number, ...to });
    return parseReply(IssueAnswer, expectStatus(reply, 200));
  };

  const listComments = async (issue_number: number): Promise<readonly ForgeComment[]> => {
    const found = await readPages(
      {},
      async (page) => {
        const given = { issue_number, per_page: PER_PAGE, ...page };
        const reply = expectStatus(await client.ask(`GET ${ISSUE}/comments`, given), 200);
        return { items: parseReply(z.array(CommentAnswer), reply), next: findNext(reply) };
      },
      { what: `comments on issue ${issue_number}` },
    );
    return found.toSorted((a, b) => a.id - b.id);
  };

  return {
    async listIssues({ labels, state, since }) {
      const found = await readPages(
        {},
        async (page) => {
          const reply = await client.ask('GET /repos/{owner}/{repo}/issues', {
            state,
            per_page: PER_PAGE,
            // New ones come last, so that no page moves while the others are read.
            sort: 'created',
            direction: 'asc',
            ...(labels.length === 0 ? {} : { labels: labels.join(',') }),
            ...(since === null ? {} : { since }),
            ...page,
          });
          const items = parseReply(z.array(IssueAnswer), expectStatus(reply, 200));
          return { items, next: findNext(reply) };
        },
        { what: 'issues' },
      );
      const issues = found.filter((issue) => !issue.is_pull_request);
      const byNumber = new Map(issues.map((issue) => [issue.number, issue]));
      return [...byNumber.values()].toSorted((a, b) => a.number - b.number);
    },
    async findIssue(issue_number) {
      const reply = await client.ask(`GET ${ISSUE}`, { issue_number });
      if (await client.isAbsent(reply)) return null;
      return parseReply(IssueAnswer, expectStatus(reply, 200));
    },
    closeIssue: (number, state_reason) => change(number, { state: 'closed', state_reason }),
    reopenIssue: (number) => change(number, { state: 'open', state_reason: 'reopened' }),

    async assign(issue_number, logins) {
      const given = { issue_number, assignees: [...logins] };
      const reply = await client.ask(`POST ${ISSUE}/assignees`, given);
      return parseReply(IssueAnswer, expectStatus(reply, 201)).assignees;
    },
    async unassign(issue_number, logins) {
      const given = { issue_number, assignees: [...logins] };
      const reply = await client.ask(`DELETE ${ISSUE}/assignees`, given);
      return parseReply(IssueAnswer, expectStatus(reply, 200)).assignees;
    },

    listComments,
    async findComment(number, marker) {
      const comments = await listComments(number);
      return comments.find(({ body }) => body.includes(marker)) ?? null;
    },
    async addComment(issue_number, body) {
      const reply = await client.ask(`POST ${ISSUE}/comments`, { issue_number, body });
      return parseReply(CommentAnswer, expectStatus(reply, 201));
    },
    async editComment(comment_id, body) {
      const reply = await client.ask(`PATCH ${COMMENT}`, { comment_id, body });
      return parseReply(CommentAnswer, expectStatus(reply, 200));
    },
    async deleteComment(comment_id) {
      const reply = await client.ask(`DELETE ${COMMENT}`, { comment_id });
      if (!(await client.isAbsent(reply))) expectStatus(reply, 204);
    },
  };
}
