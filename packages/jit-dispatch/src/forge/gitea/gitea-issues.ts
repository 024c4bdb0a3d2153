import type { EditIssueOption } from 'gitea-js';
import type { Forge, ForgeComment, ForgeIssue } from '../forge.ts';
import { expectStatus, parseReply } from '../reply.ts';
import { CommentAnswer, IssueAnswer } from './gitea-answers.ts';
import type { GiteaClient } from './gitea-client.ts';

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

/** Issues and their comments on Gitea. */
export function giteaIssues(client: GiteaClient): IssueCalls {
  const issues = [...client.repository, 'issues'];
  const comments = [...issues, 'comments'];
  const pathOf = (number: number, ...more: string[]) => [...issues, String(number), ...more];

  const readIssue = async (number: number): Promise<ForgeIssue> =>
    parseReply(IssueAnswer, expectStatus(await client.ask('GET', pathOf(number)), 200));
  const edit = async (number: number, body: EditIssueOption): Promise<ForgeIssue> => {
    const reply = await client.ask('PATCH', pathOf(number), { body });
    return parseReply(IssueAnswer, expectStatus(reply, 200, 201));
  };
  /** Gitea only takes whole lists: of two who write at a time, one is overwritten. */
  const setAssignees = async (
    number: number,
    change: (assignees: readonly string[]) => readonly string[],
  ): Promise<readonly string[]> => {
    const { assignees } = await readIssue(number);
    const wanted = change(assignees);
    if (wanted.length === assignees.length) return assignees;
    return (await edit(number, { assignees: [...wanted] })).assignees;
  };

  const listComments = async (number: number): Promise<readonly ForgeComment[]> => {
    const found = await client.readAll(pathOf(number, 'comments'), CommentAnswer, {
      what: `comments on issue ${number}`,
    });
    const byId = new Map(found.map((comment) => [comment.id, comment]));
    return [...byId.values()].toSorted((a, b) => a.id - b.id);
  };

  return {
    async listIssues({ labels, state, since }) {
      const found = await client.readAll(issues, IssueAnswer, {
        what: 'issues',
        query: {
          type: 'issues',
          state,
          ...(labels.length === 0 ? {} : { labels: labels.join(',') }),
          ...(since === null ? {} : { since }),
        },
      });
      // Gitea gives those with any of the labels, and forgets about labels that it does not know.
      const matching = found.filter(
        (issue) => !issue.is_pull_request && labels.every((label) => issue.labels.includes(label)),
      );
      const byNumber = new Map(matching.map((issue) => [issue.number, issue]));
      return [...byNumber.values()].toSorted((a, b) => a.number - b.number);
    },
    async findIssue(number) {
      const reply = await client.ask('GET', pathOf(number));
      if (await client.isAbsent(reply)) return null;
      return parseReply(IssueAnswer, expectStatus(reply, 200));
    },
    closeIssue: (number) => edit(number, { state: 'closed' }),
    reopenIssue: (number) => edit(number, { state: 'open' }),

    assign: (number, logins) =>
      setAssignees(number, (assignees) => [...new Set([...assignees, ...logins])]),
    unassign: (number, logins) =>
      setAssignees(number, (assignees) => assignees.filter((login) => !logins.includes(login))),

    listComments,
    async findComment(number, marker) {
      const found = await listComments(number);
      return found.find(({ body }) => body.includes(marker)) ?? null;
    },
    async addComment(number, body) {
      const reply = await client.ask('POST', pathOf(number, 'comments'), { body: { body } });
      return parseReply(CommentAnswer, expectStatus(reply, 201));
    },
    async editComment(id, body) {
      const reply = await client.ask('PATCH', [...comments, String(id)], { body: { body } });
      return parseReply(CommentAnswer, expectStatus(reply, 200));
    },
    async deleteComment(id) {
      const reply = await client.ask('DELETE', [...comments, String(id)]);
      if (!(await client.isAbsent(reply))) expectStatus(reply, 204);
    },
  };
}
