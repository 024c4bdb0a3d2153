import { JitError } from '@jit/contract/errors';
import type { Claims } from '../../planning/choosing/candidate.ts';
import type { Tracker, TrackerIssue } from '../../tracker/tracker.ts';
import { issueKey } from './issue-key.ts';

/** The issues that each agent holds in one repository. */
export type Held = ReadonlyMap<string, readonly TrackerIssue[]>;

/** The same by their ids; of a repository among several, by their keys. */
export function toClaims(held: Held, repository = ''): Claims {
  return new Map(
    [...held].map(([agent, issues]) => [agent, issues.map(({ id }) => issueKey(repository, id))]),
  );
}

/** Asks the tracker what each agent holds. */
export async function readHeld(tracker: Tracker, agents: readonly string[]): Promise<Held> {
  const answers = await tracker.call(agents.map((agent) => ({ do: 'assigned', agent })));
  const held = (issues: readonly TrackerIssue[]) => issues.filter((issue) => issue.isClaimed);
  return new Map(
    agents.map((agent, index) => {
      const answer = answers[index];
      // Whoever never claimed anything may be unknown to the tracker.
      if (answer?.is === 'ok') return [agent, held(answer.issues)];
      if (answer?.is === 'refused' && answer.exit === 3) return [agent, []];
      throw unansweredClaims(agent, answer?.message ?? 'no answer');
    }),
  );
}

function unansweredClaims(agent: string, message: string): JitError {
  const text = `the tracker does not say what ${agent} holds: ${message}`;
  return new JitError('external', 'TRACKER_FAILED', text, {
    hint: `see \`jit query assignee ${agent}\``,
  });
}
