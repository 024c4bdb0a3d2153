import { z } from 'zod';
import type { ForgeComment, ForgeIssue, ForgeLabel, ForgePull } from '../forge.ts';

// What is relied on of GitHub's answers; all else is left out.

const Account = z.object({ login: z.string() });
const Time = z.iso.datetime({ offset: true });

export const RepositoryAnswer = z.object({
  default_branch: z.string().min(1),
  has_issues: z.boolean().default(true),
});
export type RepositoryAnswer = z.output<typeof RepositoryAnswer>;

export const UserAnswer = Account;
export const BranchAnswer = z.object({
  name: z.string(),
  commit: z.object({ sha: z.string().min(1) }),
});

const labelName = z.union([z.string(), z.object({ name: z.string().nullish() })]);

export const IssueAnswer = z
  .object({
    number: z.int().positive(),
    title: z.string(),
    body: z.string().nullish(),
    state: z.enum(['open', 'closed']),
    state_reason: z.string().nullish(),
    labels: z.array(labelName),
    assignees: z.array(Account).nullish(),
    user: Account.nullable(),
    created_at: Time,
    updated_at: Time,
    html_url: z.string(),
    pull_request: z.unknown().optional(),
  })
  .transform(
    (issue): ForgeIssue => ({
      number: issue.number,
      title: issue.title,
      body: issue.body ?? '',
      state: issue.state,
      state_reason: issue.state_reason ?? null,
      labels: issue.labels
        .map((label) => (typeof label === 'string' ? label : (label.name ?? '')))
        .filter((name) => name !== ''),
      assignees: (issue.assignees ?? []).map(({ login }) => login),
      author: issue.user?.login ?? null,
      created_at: issue.created_at,
      updated_at: issue.updated_at,
      url: issue.html_url,
      is_pull_request: issue.pull_request !== undefined && issue.pull_request !== null,
    }),
  );

export const CommentAnswer = z
  .object({
    id: z.int().positive(),
    user: Account.nullable(),
    body: z.string().nullish(),
    created_at: Time,
    updated_at: Time,
  })
  .transform(
    ({ id, user, body, created_at, updated_at }): ForgeComment => ({
      id,
      author: user?.login ?? null,
      body: body ?? '',
      created_at,
      updated_at,
    }),
  );

export const LabelAnswer = z
  .object({ name: z.string(), color: z.string(), description: z.string().nullish() })
  .transform(
    ({ name, color, description }): ForgeLabel => ({
      name,
      color,
      description: description ?? '',
    }),
  );

export const PullAnswer = z
  .object({
    number: z.int().positive(),
    title: z.string(),
    state: z.enum(['open', 'closed']),
    merged_at: Time.nullable(),
    draft: z.boolean().nullish(),
    head: z.object({ ref: z.string(), sha: z.string() }),
    base: z.object({ ref: z.string() }),
    html_url: z.string(),
    created_at: Time,
    updated_at: Time,
  })
  .transform(
    (pull): ForgePull => ({
      number: pull.number,
      title: pull.title,
      state: pull.merged_at === null ? pull.state : 'merged',
      is_draft: pull.draft ?? false,
      head: pull.head.ref,
      base: pull.base.ref,
      head_commit: pull.head.sha,
      url: pull.html_url,
      created_at: pull.created_at,
      updated_at: pull.updated_at,
    }),
  );
