import type { Answered } from './forge-server.ts';
import type {
  MemoryComment,
  MemoryIssue,
  MemoryLabel,
  MemoryRepository,
  MemoryRun,
} from './memory-repository.ts';

const URLS_OF_USER =
  'followers following gists starred subscriptions organizations repos events received_events';
const URLS_OF_REPOSITORY =
  'archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags teams trees';

const DOCUMENTATION = 'https://docs.github.com/rest';

/** What GitHub says when it refuses. */
export function complain(status: number, message: string, errors?: readonly object[]): Answered {
  return {
    status,
    body: {
      message,
      documentation_url: DOCUMENTATION,
      status: String(status),
      ...(errors === undefined ? {} : { errors }),
    },
  };
}

/** What GitHub makes of the things in a repository, with all that its description requires. */
export function githubShapes(api: string, repository: MemoryRepository) {
  const full = `${repository.owner}/${repository.name}`;
  const base = `${api}/repos/${full}`;
  const page = `https://github.example/${full}`;

  const urls = (words: string, of: string) =>
    Object.fromEntries(words.split(' ').map((word) => [`${word}_url`, `${of}/${word}`]));
  const node = (kind: string, id: number) => Buffer.from(`${kind}:${id}`).toString('base64');

  const user = (login: string) => ({
    login,
    id: 1 + [...login].reduce((sum, letter) => sum + letter.charCodeAt(0), 0),
    node_id: node('User', login.length),
    avatar_url: `${api}/avatars/${login}`,
    gravatar_id: '',
    url: `${api}/users/${login}`,
    html_url: `https://github.example/${login}`,
    ...urls(URLS_OF_USER, `${api}/users/${login}`),
    type: 'User',
    site_admin: false,
  });
  const label = ({ id, name, color, description }: MemoryLabel) => ({
    id,
    node_id: node('Label', id),
    url: `${base}/labels/${encodeURIComponent(name)}`,
    name,
    description: description === '' ? null : description,
    color,
    default: false,
  });
  const labelsOf = (issue: MemoryIssue) => repository.labelsOf(issue).map(label);

  const minimalRepository = () => ({
    id: 1,
    node_id: node('Repository', 1),
    name: repository.name,
    full_name: full,
    owner: user(repository.owner),
    private: false,
    html_url: page,
    description: null,
    fork: false,
    url: base,
    ...urls(URLS_OF_REPOSITORY, base),
  });

  const links = (words: Record<string, string>) =>
    Object.fromEntries(Object.entries(words).map(([key, href]) => [key, { href }]));

  const common = (issue: MemoryIssue) => ({
    id: 10_000 + issue.number,
    node_id: node('Issue', issue.number),
    number: issue.number,
    title: issue.title,
    user: user(issue.author),
    labels: labelsOf(issue),
    state: issue.state,
    locked: false,
    assignee: issue.assignees[0] === undefined ? null : user(issue.assignees[0]),
    assignees: issue.assignees.map(user),
    milestone: null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: 'NONE',
    body: issue.body === '' ? null : issue.body,
  });

  const branchOf = (ref: string) => ({
    label: `${repository.owner}:${ref}`,
    ref,
    sha: repository.branches.get(ref) ?? '0'.repeat(40),
    user: user(repository.owner),
    repo: fullRepository(),
  });

  const fullRepository = () => ({
    ...minimalRepository(),
    clone_url: `${page}.git`,
    default_branch: repository.defaultBranch,
    forks: 0,
    forks_count: 0,
    git_url: `git://github.example/${full}.git`,
    has_issues: repository.hasIssues,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    homepage: null,
    language: null,
    archived: false,
    disabled: false,
    mirror_url: null,
    open_issues: 0,
    open_issues_count: 0,
    license: null,
    pushed_at: '2026-01-01T00:00:00Z',
    size: 1,
    ssh_url: `git@github.example:${full}.git`,
    stargazers_count: 0,
    svn_url: page,
    watchers: 0,
    watchers_count: 0,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    network_count: 0,
    subscribers_count: 0,
  });

  const simplePull = (issue: MemoryIssue) => {
    const { pull } = issue;
    if (pull === null) throw new Error(`${issue.number} is no pull request`);
    const url = `${base}/pulls/${issue.number}`;
    const addresses = {
      html: `${page}/pull/${issue.number}`,
      issue: `${base}/issues/${issue.number}`,
      comments: `${base}/issues/${issue.number}/comments`,
      commits: `${url}/commits`,
      statuses: `${base}/statuses/0`,
      review_comments: `${url}/comments`,
      review_comment: `${base}/pulls/comments/{number}`,
    };
    return {
      ...common(issue),
      url,
      diff_url: `${addresses.html}.diff`,
      patch_url: `${addresses.html}.patch`,
      ...Object.fromEntries(Object.entries(addresses).map(([key, value]) => [`${key}_url`, value])),
      merge_commit_sha: null,
      merged_at: pull.mergedAt,
      draft: pull.isDraft,
      head: { ...branchOf(pull.head), sha: repository.headCommitOf(issue) },
      base: branchOf(pull.base),
      auto_merge: null,
      _links: links({ ...addresses, self: url }),
    };
  };

  return {
    user,
    label,
    labelsOf,
    fullRepository,
    issue: (issue: MemoryIssue) => ({
      ...common(issue),
      state_reason: issue.stateReason,
      comments: repository.comments.filter((comment) => comment.issue === issue.number).length,
      url: `${base}/issues/${issue.number}`,
      repository_url: base,
      html_url: `${page}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}`,
      labels_url: `${base}/issues/${issue.number}/labels{/name}`,
      comments_url: `${base}/issues/${issue.number}/comments`,
      events_url: `${base}/issues/${issue.number}/events`,
      ...(issue.pull === null
        ? {}
        : {
            pull_request: {
              url: `${base}/pulls/${issue.number}`,
              html_url: `${page}/pull/${issue.number}`,
              diff_url: `${page}/pull/${issue.number}.diff`,
              patch_url: `${page}/pull/${issue.number}.patch`,
              merged_at: issue.pull.mergedAt,
            },
          }),
    }),
    comment: (comment: MemoryComment) => ({
      id: comment.id,
      node_id: node('IssueComment', comment.id),
      url: `${base}/issues/comments/${comment.id}`,
      html_url: `${page}/issues/${comment.issue}#issuecomment-${comment.id}`,
      issue_url: `${base}/issues/${comment.issue}`,
      user: user(comment.author),
      body: comment.body,
      created_at: comment.createdAt,
      updated_at: comment.updatedAt,
      author_association: 'NONE',
    }),
    simplePull,
    pull: (issue: MemoryIssue) => ({
      ...simplePull(issue),
      additions: 1,
      changed_files: 1,
      comments: 0,
      commits: 1,
      deletions: 0,
      mergeable: null,
      mergeable_state: 'unknown',
      merged: issue.pull?.mergedAt !== null,
      maintainer_can_modify: false,
      merged_by: null,
      review_comments: 0,
    }),
    branch: (name: string) => {
      const sha = repository.branches.get(name) ?? '';
      const address = `${base}/branches/${name}`;
      const author = { name: 'Ann', email: 'ann@example', date: '2026-01-01T00:00:00Z' };
      return {
        name,
        commit: {
          sha,
          node_id: node('Commit', 1),
          url: `${base}/commits/${sha}`,
          html_url: `${page}/commit/${sha}`,
          comments_url: `${base}/commits/${sha}/comments`,
          author: user('ann'),
          committer: user('ann'),
          parents: [],
          commit: {
            url: `${base}/git/commits/${sha}`,
            message: 'First',
            comment_count: 0,
            author,
            committer: author,
            tree: { sha, url: `${base}/git/trees/${sha}` },
          },
        },
        _links: { html: `${page}/tree/${name}`, self: address },
        protected: false,
        protection: { enabled: false },
        protection_url: `${address}/protection`,
      };
    },
    run: (run: MemoryRun) => {
      const url = `${base}/actions/runs/${run.id}`;
      const words = 'jobs logs check_suite cancel rerun artifacts workflow';
      return {
        id: run.id,
        node_id: node('WorkflowRun', run.id),
        name: run.workflow,
        path: `.github/workflows/${run.workflow}`,
        display_title: run.title,
        head_branch: run.branch,
        head_sha: repository.branches.get(run.branch) ?? '0'.repeat(40),
        run_number: run.id,
        event: 'workflow_dispatch',
        status: run.status,
        conclusion: run.conclusion,
        workflow_id: 77,
        url,
        html_url: `${page}/actions/runs/${run.id}`,
        ...urls(words, url),
        pull_requests: [],
        created_at: run.createdAt,
        updated_at: run.updatedAt,
        head_commit: null,
        repository: minimalRepository(),
        head_repository: minimalRepository(),
      };
    },
  };
}
