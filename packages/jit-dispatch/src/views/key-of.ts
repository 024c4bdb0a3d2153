import { issueKey } from '../daemon/looking/issue-key.ts';

/** How an issue is written: with its repository where there are several. */
export function keyOf({
  repository,
  issue,
}: {
  readonly repository: string | null;
  readonly issue: string;
}): string {
  return issueKey(repository ?? '', issue);
}
