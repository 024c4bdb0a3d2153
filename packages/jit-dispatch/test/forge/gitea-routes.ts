import type { Comment, Issue, Label, PullRequest } from 'gitea-js';
import { z } from 'zod';
import type { Answered } from './forge-server.ts';
import type { GiteaServing } from './gitea-serving.ts';
import { complainAsGitea, type giteaShapes } from './gitea-shapes.ts';
import type { MemoryIssue, MemoryRepository } from './memory-repository.ts';
import { type Asked, cutPage, numberOf, Refused, type Routes } from './routes.ts';

const REPOSITORY = '/repos/{owner}/{repo}';
const ISSUE = `${REPOSITORY}/issues/{index}`;
const COMMENT = `${REPOSITORY}/issues/comments/{id}`;

const Text = z.strictObject({ body: z.string().min(1) });
const Ids = z.strictObject({ labels: z.array(z.int()) });
const NewLabel = z.strictObject({
  name: z.string(),
  color: z.string().regex(/^#?[0-9a-f]{6}$/i),
  description: z.string().optional(),
});
const Edit = z.strictObject({
  state: z.enum(['open', 'closed']).optional(),
  assignees: z.array(z.string()).optional(),
});
const Pull = z.strictObject({
  title: z.string(),
  body: z.string(),
  head: z.string(),
  base: z.string(),
});

/** Gitea's answers about issues, comments, labels, branches and pull requests. */
export function giteaRoutes(
  page: string,
  repository: MemoryRepository,
  shapes: ReturnType<typeof giteaShapes>,
  { mostItems, hasLinks, isOrganisation }: Omit<Required<GiteaServing>, 'repository' | 'path'>,
): Routes {
  const list = (asked: Asked, items: readonly (Issue | Label | PullRequest)[]): Answered => {
    const { items: body, link } = cutPage(items, {
      page: numberOf(asked.query.page, 1, 1_000_000),
      size: numberOf(asked.query.limit, Math.min(30, mostItems), mostItems),
      url: `${page}/api/v1${asked.path}?${new URLSearchParams(asked.query)}`,
    });
    const total = { 'x-total-count': String(items.length) };
    return { status: 200, body, headers: hasLinks ? { ...link, ...total } : total };
  };
  const issueOf = ({ params }: Asked): MemoryIssue =>
    repository.findIssue(Number(params.index)) ?? refuse(404, "The target couldn't be found.");
  const commentOf = ({ params }: Asked) =>
    repository.comments.find(({ id }) => id === Number(params.id)) ??
    refuse(404, "The target couldn't be found.");
  const changed = (issue: MemoryIssue) => {
    issue.updatedAt = repository.now();
    return issue;
  };
  const allLabels = () => [...repository.labels, ...repository.organisationLabels];

  return {
    'GET /user': ({ login }) => ({ status: 200, body: shapes.user(login ?? '') }),
    [`GET ${REPOSITORY}`]: () => ({ status: 200, body: shapes.repository() }),

    [`GET ${REPOSITORY}/issues`]: (asked) => {
      const { state = 'open', labels = '', since, type } = asked.query;
      // Names that the repository does not know are passed over; any of the others is enough.
      const wanted = repository.labels
        .filter(({ name }) => labels.split(',').includes(name))
        .map(({ id }) => id);
      const found = repository.issues
        .filter((issue) => state === 'all' || issue.state === state)
        .filter(({ pull }) => type === undefined || (type === 'pulls') === (pull !== null))
        .filter((issue) => wanted.length === 0 || wanted.some((id) => issue.labels.includes(id)))
        .filter(({ updatedAt }) => since === undefined || updatedAt >= since);
      return list(asked, found.toReversed().map(shapes.issue));
    },
    [`GET ${ISSUE}`]: (asked) => ({ status: 200, body: shapes.issue(issueOf(asked)) }),
    [`PATCH ${ISSUE}`]: (asked) => {
      const issue = issueOf(asked);
      const { state, assignees } = read(Edit, asked);
      if (state !== undefined) {
        issue.state = state;
        issue.closedAt = state === 'closed' ? repository.now() : null;
      }
      const unknown = assignees?.find((login) => !repository.people.has(login));
      if (unknown !== undefined) refuse(422, `Assignee does not exist: [name: ${unknown}]`);
      if (assignees !== undefined) issue.assignees = assignees;
      return { status: 201, body: shapes.issue(changed(issue)) };
    },

    [`GET ${ISSUE}/comments`]: (asked) => {
      const { number } = issueOf(asked);
      const found = repository.comments.filter(({ issue }) => issue === number);
      // All at once: Gitea has no pages here.
      const body: Comment[] = found.map(shapes.comment);
      return { status: 200, body, headers: { 'x-total-count': String(body.length) } };
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
    'GET /orgs/{org}/labels': (asked) =>
      isOrganisation
        ? list(asked, repository.organisationLabels.map(shapes.label))
        : refuse(404, "The target couldn't be found."),
    [`POST ${REPOSITORY}/labels`]: (asked) => {
      const { name, color, description } = read(NewLabel, asked);
      const made = repository.addLabel(name, color.replace('#', ''), description);
      return { status: 201, body: shapes.label(made) };
    },
    [`GET ${ISSUE}/labels`]: (asked) => ({ status: 200, body: shapes.labelsOf(issueOf(asked)) }),
    [`POST ${ISSUE}/labels`]: (asked) => {
      const issue = issueOf(asked);
      // Ids that it does not know are passed over.
      const known = allLabels().map(({ id }) => id);
      for (const id of read(Ids, asked).labels)
        if (known.includes(id) && !issue.labels.includes(id)) changed(issue).labels.push(id);
      return { status: 200, body: shapes.labelsOf(issue) };
    },
    [`DELETE ${ISSUE}/labels/{id}`]: (asked) => {
      const issue = issueOf(asked);
      const id = Number(asked.params.id);
      if (!allLabels().some((label) => label.id === id))
        refuse(422, `label does not exist [label_id: ${id}]`);
      changed(issue).labels = issue.labels.filter((each) => each !== id);
      return { status: 204 };
    },

    [`GET ${REPOSITORY}/branches/{branch*}`]: ({ params: { branch = '' } }) => {
      if (!repository.branches.has(branch)) refuse(404, "The target couldn't be found.");
      return { status: 200, body: shapes.branch(branch) };
    },
    [`GET ${REPOSITORY}/pulls`]: (asked) => {
      const { state = 'open', sort } = asked.query;
      const found = repository.issues
        .filter((issue) => issue.pull !== null && (state === 'all' || issue.state === state))
        .toReversed();
      if (sort === 'recentupdate') found.sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
      return list(asked, found.map(shapes.pull));
    },
    [`POST ${REPOSITORY}/pulls`]: (asked) => {
      const { title, body, head, base } = read(Pull, asked);
      for (const branch of [head, base])
        if (!repository.branches.has(branch)) refuse(404, "The target couldn't be found.");
      if (repository.branches.get(head) === repository.branches.get(base))
        refuse(422, 'No changes between the head and the base');
      const same = ({ state, pull }: MemoryIssue) =>
        state === 'open' && pull?.head === head && pull.base === base;
      if (repository.issues.some(same))
        refuse(409, `pull request already exists for these targets [head_branch: ${head}]`);
      const pull = { head, base, isDraft: false, mergedAt: null };
      const issue = repository.addIssue({ title, body, author: asked.login ?? '', pull });
      return { status: 201, body: shapes.pull(issue) };
    },
  };
}

function read<T extends z.ZodType>(schema: T, { body }: Asked): z.output<T> {
  const { success, data, error } = schema.safeParse(body);
  return success ? data : refuse(422, `[]: ${error.message}`);
}

function refuse(status: number, message: string): never {
  throw new Refused(complainAsGitea(status, message));
}
