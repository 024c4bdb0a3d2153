import type { Style } from '@jit/cli-kit/style';
import type { ClaimedIssueOutput } from '@jit/contract/outputs/issue';
import { renderChange } from '../../cli/render-issue.ts';

/** What a claim did, and its token, which is shown this once. */
export function renderClaim(issue: ClaimedIssueOutput, style: Style, did: string): string {
  const { token, attempt, expires_at } = issue.claim;
  const until = expires_at === null ? 'no lease' : `lease until ${expires_at}`;
  return [
    renderChange(issue, style, did),
    `token: ${token}`,
    style.dim(`attempt ${attempt}, ${until}`),
  ].join('\n');
}
