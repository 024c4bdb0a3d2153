import type { Task } from './task.ts';

/** Which issue of a forge belongs to an issue of the tracker; in words why none can be told. */
export type LinkedIssue = { readonly number: number } | { readonly problem: string };

/** Where an issue says so, in this order: its links, then its metadata. */
const KEYS = {
  github: ['github', 'github_issue', 'issue_number', 'issue'],
  gitea: ['gitea', 'gitea_issue', 'issue_number', 'issue'],
} as const;

const NUMBER = /^#?(\d{1,10})$/;
const NAMED = /^([\w.-]+\/[\w.-]+)#(\d{1,10})$/;
const PAGE =
  /^https?:\/\/[^/\s]+\/(?:[^\s?#]*\/)?([\w.-]+\/[\w.-]+)\/issues\/(\d{1,10})(?:[/?#]\S*)?$/;

/** The issue of a repository that a task is linked to: by its number, `owner/name#3`, or its address. */
export function linkedIssue(
  { links, metadata }: Pick<Task, 'links' | 'metadata'>,
  kind: keyof typeof KEYS,
  repository: string,
): LinkedIssue {
  for (const key of KEYS[kind]) {
    const value = links[key] ?? metadata[key];
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    const text = String(value).trim();
    const plain = NUMBER.exec(text);
    if (plain !== null) return { number: Number(plain[1]) };
    const named = NAMED.exec(text) ?? PAGE.exec(text);
    if (named === null) return { problem: `its link ${key} names no issue: ${text}` };
    if (named[1]?.toLowerCase() !== repository.toLowerCase())
      return { problem: `its link ${key} is an issue of ${named[1]}, not of ${repository}` };
    return { number: Number(named[2]) };
  }
  return {
    problem: `it is linked to no issue of ${repository}: jit issue update ID --link ${kind}=NUMBER`,
  };
}
