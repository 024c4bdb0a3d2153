import type {
  APIError,
  Branch,
  Comment,
  Issue,
  Label,
  PRBranchInfo,
  PullRequest,
  Repository,
  User,
} from 'gitea-js';
import type { Answered } from './forge-server.ts';
import type {
  MemoryComment,
  MemoryIssue,
  MemoryLabel,
  MemoryRepository,
} from './memory-repository.ts';

/** What Gitea says when it refuses. */
export function complainAsGitea(status: number, message: string): Answered {
  const body: APIError = { message, url: 'https://gitea.example/api/swagger' };
  return { status, body };
}

/** What Gitea makes of the things in a repository: as the published types say. */
export function giteaShapes(page: string, repository: MemoryRepository) {
  const full = `${repository.owner}/${repository.name}`;
  const base = `${page}/${full}`;

  const user = (login: string): User => ({
    id: [...login].reduce((sum, letter) => sum + letter.charCodeAt(0), 0),
    login,
    full_name: '',
    email: `${login}@noreply.gitea.example`,
    avatar_url: `${page}/avatars/${login}`,
    html_url: `${page}/${login}`,
    active: false,
    is_admin: false,
  });
  const label = ({ id, name, color, description }: MemoryLabel): Label => ({
    id,
    name,
    color,
    description,
    exclusive: false,
    is_archived: false,
    url: `${page}/api/v1/repos/${full}/labels/${id}`,
  });
  const labelsOf = (issue: MemoryIssue): Label[] => repository.labelsOf(issue).map(label);
  const repositoryShape = (): Repository => ({
    id: 1,
    name: repository.name,
    full_name: full,
    owner: user(repository.owner),
    default_branch: repository.defaultBranch,
    has_issues: repository.hasIssues,
    html_url: base,
    private: false,
    fork: false,
  });
  const branchInfo = (name: string, number: number): PRBranchInfo => ({
    label: name,
    // What Gitea gives once the branch is gone.
    ref: repository.branches.has(name) ? name : `refs/pull/${number}/head`,
    sha: repository.branches.get(name) ?? '',
    repo_id: 1,
    repo: repositoryShape(),
  });
  const closedAt = (issue: MemoryIssue) =>
    issue.closedAt === null ? {} : { closed_at: issue.closedAt };

  return {
    user,
    label,
    labelsOf,
    repository: repositoryShape,
    issue: (issue: MemoryIssue): Issue => ({
      id: 20_000 + issue.number,
      number: issue.number,
      title: issue.title,
      body: issue.body,
      state: issue.state,
      user: user(issue.author),
      labels: labelsOf(issue),
      ...(issue.assignees.length === 0 ? {} : { assignees: issue.assignees.map(user) }),
      created_at: issue.createdAt,
      updated_at: issue.updatedAt,
      ...closedAt(issue),
      comments: repository.comments.filter((comment) => comment.issue === issue.number).length,
      html_url: `${base}/${issue.pull === null ? 'issues' : 'pulls'}/${issue.number}`,
      url: `${page}/api/v1/repos/${full}/issues/${issue.number}`,
      is_locked: false,
      ...(issue.pull === null ? {} : { pull_request: { merged: issue.pull.mergedAt !== null } }),
    }),
    comment: (comment: MemoryComment): Comment => ({
      id: comment.id,
      body: comment.body,
      user: user(comment.author),
      created_at: comment.createdAt,
      updated_at: comment.updatedAt,
      html_url: `${base}/issues/${comment.issue}#issuecomment-${comment.id}`,
      issue_url: `${base}/issues/${comment.issue}`,
      pull_request_url: '',
    }),
    pull: (issue: MemoryIssue): PullRequest => {
      if (issue.pull === null) throw new Error(`${issue.number} is no pull request`);
      const { head, base: into, mergedAt } = issue.pull;
      const last = repository.headCommitOf(issue);
      return {
        id: issue.number,
        number: issue.number,
        title: issue.title,
        body: issue.body,
        state: issue.state,
        user: user(issue.author),
        draft: /^(wip:|\[wip\])/i.test(issue.title),
        merged: mergedAt !== null,
        ...(mergedAt === null ? {} : { merged_at: mergedAt }),
        // Where the branch is now, while there is one.
        head: {
          ...branchInfo(head, issue.number),
          sha: repository.branches.get(head) ?? last,
        },
        base: branchInfo(into, issue.number),
        html_url: `${base}/pulls/${issue.number}`,
        created_at: issue.createdAt,
        updated_at: issue.updatedAt,
        ...closedAt(issue),
      };
    },
    branch: (name: string): Branch => ({
      name,
      commit: { id: repository.branches.get(name) ?? '', message: 'First' },
      protected: false,
    }),
  };
}
