import { z } from 'zod';
import { complain, type githubShapes } from './github-shapes.ts';
import type { MemoryIssue, MemoryRepository } from './memory-repository.ts';
import { type Asked, cutPage, numberOf, Refused, type Routes } from './routes.ts';

const REPOSITORY = '/repos/{owner}/{repo}';
const ISSUE = `${REPOSITORY}/issues/{issue_number}`;
const COMMENT = `${REPOSITORY}/issues/comments/{comment_id}`;

const Text = z.object({ body: z.string().min(1) });
const Names = z.object({ labels: z.array(z.string()) });
const Logins = z.object({ assignees: z.array(z.string()) });
const Label = z.object({ name: z.string(), color: z.string(), description: z.string().optional() });
const Edit = z.object({ state: z.enum(['open', 'closed']), state_reason: z.string().optional() });
const Pull = z.object({
  title: z.string(),
  body: z.string().optional(),
  head: z.string(),
  base: z.string(),
  draft: z.boolean().optional(),
});

/** GitHub's answers about issues, comments, labels, branches and pull requests. */
export function githubRoutes(
  api: string,
  repository: MemoryRepository,
  shapes: ReturnType<typeof githubShapes>,
): Routes {
  const list = (asked: Asked, items: readonly object[]) => {
    const { items: body, link } = cutPage(items, {
      page: numberOf(asked.query.page, 1, 1_000_000),
      size: numberOf(asked.query.per_page, 30, 100),
      url: `${api}${asked.path}?${new URLSearchParams(asked.query)}`,
    });
    return { status: 200, body, headers: link };
  };
  const issueOf = ({ params }: Asked): MemoryIssue => {
    if (!repository.hasIssues) refuse(410, 'Issues are disabled for this repo');
    const issue = repository.findIssue(Number(params.issue_number));
    return issue ?? refuse(404, 'Not Found');
  };
  const commentOf = ({ params }: Asked) =>
    repository.comments.find(({ id }) => id === Number(params.comment_id)) ??
    refuse(404, 'Not Found');
  const namesOf = (issue: MemoryIssue) => repository.labelsOf(issue).map(({ name }) => name);
  const changed = (issue: MemoryIssue) => {
    issue.updatedAt = repository.now();
    return issue;
  };

  return {
    'GET /user': ({ login }) => ({ status: 200, body: userOf(shapes.user(login ?? '')) }),
    [`GET ${REPOSITORY}`]: () => ({ status: 200, body: shapes.fullRepository() }),

    [`GET ${REPOSITORY}/issues`]: (asked) => {
      const { state = 'open', labels = '', since, direction = 'desc' } = asked.query;
      const names = labels.split(',').filter((name) => name !== '');
      const found = repository.issues
        .filter((issue) => state === 'all' || issue.state === state)
        .filter((issue) => names.every((name) => namesOf(issue).includes(name)))
        .filter(({ updatedAt }) => since === undefined || updatedAt >= since);
      return list(asked, (direction === 'asc' ? found : found.toReversed()).map(shapes.issue));
    },
    [`GET ${ISSUE}`]: (asked) => ({ status: 200, body: shapes.issue(issueOf(asked)) }),
    [`PATCH ${ISSUE}`]: (asked) => {
      const issue = issueOf(asked);
      const { state, state_reason = null } = read(Edit, asked);
      issue.state = state;
      issue.stateReason = state_reason;
      issue.closedAt = state === 'closed' ? repository.now() : null;
      return { status: 200, body: shapes.issue(changed(issue)) };
    },
    [`POST ${ISSUE}/assignees`]: (asked) => {
      const issue = issueOf(asked);
      const { assignees } = read(Logins, asked);
      const allowed = assignees.filter((login) => repository.people.has(login));
      issue.assignees = [...new Set([...issue.assignees, ...allowed])];
      return { status: 201, body: shapes.issue(changed(issue)) };
    },
    [`DELETE ${ISSUE}/assignees`]: (asked) => {
      const issue = issueOf(asked);
      const { assignees } = read(Logins, asked);
      issue.assignees = issue.assignees.filter((login) => !assignees.includes(login));
      return { status: 200, body: shapes.issue(changed(issue)) };
    },

    [`GET ${ISSUE}/comments`]: (asked) => {
      const { number } = issueOf(asked);
      const found = repository.comments.filter(({ issue }) => issue === number);
      return list(asked, found.map(shapes.comment));
    },
    [`POST ${ISSUE}/comments`]: (asked) => {
      const issue = changed(issueOf(asked));
      const { body } = read(Text, asked);
      const comment = repository.addComment(issue.number, asked.login ?? '', body);
      return { status: 201, body: shapes.comment(comment) };
    },
    [`PATCH ${COMMENT}`]: (asked) => {
      const comment = commentOf(asked);
      comment.body = read(Text, asked).body;
      comment.updatedAt = repository.now();
      return { status: 200, body: shapes.comment(comment) };
    },
    [`DELETE ${COMMENT}`]: (asked) => {
      repository.comments.splice(repository.comments.indexOf(commentOf(asked)), 1);
      return { status: 204 };
    },

    [`GET ${REPOSITORY}/labels`]: (asked) => list(asked, repository.labels.map(shapes.label)),
    [`POST ${REPOSITORY}/labels`]: (asked) => {
      const { name, color, description } = read(Label, asked);
      if (repository.labels.some((label) => label.name === name))
        throw invalid({ resource: 'Label', code: 'already_exists', field: 'name' });
      return { status: 201, body: shapes.label(repository.addLabel(name, color, description)) };
    },
    [`GET ${REPOSITORY}/labels/{name}`]: ({ params }) => {
      const found = repository.labels.find(({ name }) => name === params.name);
      return { status: 200, body: shapes.label(found ?? refuse(404, 'Not Found')) };
    },
    [`POST ${ISSUE}/labels`]: (asked) => {
      const issue = issueOf(asked);
      for (const name of read(Names, asked).labels) {
        const known = repository.labels.find((label) => label.name === name);
        const { id } = known ?? repository.addLabel(name);
        if (!issue.labels.includes(id)) changed(issue).labels.push(id);
      }
      return { status: 200, body: shapes.labelsOf(issue) };
    },
    [`DELETE ${ISSUE}/labels/{name}`]: (asked) => {
      const issue = issueOf(asked);
      const { name = '' } = asked.params;
      if (!namesOf(issue).includes(name)) refuse(404, 'Label does not exist');
      repository.unlabel(issue, name);
      return { status: 200, body: shapes.labelsOf(issue) };
    },

    [`GET ${REPOSITORY}/branches/{branch}`]: ({ params: { branch = '' } }) => {
      if (!repository.branches.has(branch)) refuse(404, 'Branch not found');
      return { status: 200, body: shapes.branch(branch) };
    },
    [`GET ${REPOSITORY}/pulls`]: (asked) => {
      const { state = 'open', head } = asked.query;
      const found = repository.issues
        .filter((issue) => issue.pull !== null && (state === 'all' || issue.state === state))
        .filter(({ pull }) => head === undefined || head === `${repository.owner}:${pull?.head}`);
      return list(asked, found.toReversed().map(shapes.simplePull));
    },
    [`POST ${REPOSITORY}/pulls`]: (asked) => {
      const { title, body = '', head, base, draft = false } = read(Pull, asked);
      for (const [field, branch] of Object.entries({ head, base }))
        if (!repository.branches.has(branch))
          throw invalid({ resource: 'PullRequest', field, code: 'invalid' });
      const same = ({ state, pull }: MemoryIssue) =>
        state === 'open' && pull?.head === head && pull.base === base;
      const full = `${repository.owner}:${head}`;
      if (repository.issues.some(same)) throw custom(`A pull request already exists for ${full}.`);
      if (repository.branches.get(head) === repository.branches.get(base))
        throw custom(`No commits between ${base} and ${head}`);
      const pull = { head, base, isDraft: draft, mergedAt: null };
      const issue = repository.addIssue({ title, body, author: asked.login ?? '', pull });
      return { status: 201, body: shapes.pull(issue) };
    },
  };
}

/** The body of a request; GitHub refuses what it can't read. */
export function read<T extends z.ZodType>(schema: T, { body }: Asked): z.output<T> {
  const { success, data } = schema.safeParse(body);
  return success ? data : refuse(422, 'Invalid request.');
}

export function refuse(status: number, message: string): never {
  throw new Refused(complain(status, message));
}

function invalid(error: object): Refused {
  return new Refused(complain(422, 'Validation Failed', [error]));
}

function custom(message: string): Refused {
  return invalid({ resource: 'PullRequest', code: 'custom', message });
}

function userOf(user: object): object {
  const nothing = { name: null, company: null, blog: '', location: null, email: null, bio: null };
  const at = '2026-01-01T00:00:00Z';
  const counts = { public_repos: 1, public_gists: 0, followers: 0, following: 0 };
  return { ...user, ...nothing, ...counts, hireable: null, created_at: at, updated_at: at };
}
