import { z } from 'zod';
import type { ForgeComment, ForgeIssue, ForgeLabel, ForgePull } from '../forge.ts';

// What is relied on of Gitea's answers; all else is left out. Empty lists may be null.

const Account = z.object({ login: z.string() });
const Time = z.iso.datetime({ offset: true });

export const RepositoryAnswer = z.object({
  default_branch: z.string(),
});
export type RepositoryAnswer = z.output<typeof RepositoryAnswer>;

export const UserAnswer = Account;
export const BranchAnswer = z.object({
  name: z.string(),
  commit: z.object({ id: z.string().min(1) }),
});

export const IssueAnswer = z
  .object({
    number: z.int().positive(),
    title: z.string(),
    body: z.string().nullish(),
    state: z.enum(['open', 'closed']),
    labels: z.array(z.object({ name: z.string() })).nullish(),
    assignees: z.array(Account).nullish(),
    user: Account.nullish(),
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
      state_reason: null,
      labels: (issue.labels ?? []).map(({ name }) => name),
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
    user: Account.nullish(),
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

/** A label with the id that Gitea knows it by: names may be given twice. */
export const LabelAnswer = z
  .object({
    id: z.int().positive(),
    name: z.string(),
    color: z.string().default(''),
    description: z.string().nullish(),
  })
  .transform(({ id, name, color, description }): ForgeLabel & { readonly id: number } => ({
    id,
    name,
    color: color.replace(/^#/, ''),
    description: description ?? '',
  }));

export const PullAnswer = z
  .object({
    number: z.int().positive(),
    title: z.string(),
    state: z.enum(['open', 'closed']),
    merged: z.boolean().nullish(),
    draft: z.boolean().nullish(),
    // `ref` is another one where the branch is gone.
    head: z.object({
      label: z.string(),
      sha: z.string(),
      repo_id: z.number().nullish(),
    }),
    base: z.object({ ref: z.string(), repo_id: z.number().nullish() }),
    html_url: z.string(),
    created_at: Time,
    updated_at: Time,
  })
  .transform((pull): { readonly pull: ForgePull; readonly isFromFork: boolean } => ({
    pull: {
      number: pull.number,
      title: pull.title,
      state: pull.merged === true ? 'merged' : pull.state,
      is_draft: pull.draft ?? /^(wip:|\[wip\])/i.test(pull.title),
      head: pull.head.label,
      base: pull.base.ref,
      head_commit: pull.head.sha,
      url: pull.html_url,
      created_at: pull.created_at,
      updated_at: pull.updated_at,
    },
    isFromFork: pull.head.repo_id !== pull.base.repo_id,
  }));
