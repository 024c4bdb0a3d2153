import { ESCALATED_LABEL, HELD_LABEL, type Priority } from '@jit/contract/vocabulary';

/** An issue as people write it, wherever it stands. */
export interface WrittenIssue {
  readonly title: string;
  readonly text?: string;
  readonly criteria?: readonly string[];
  readonly priority?: Priority;
  /** Besides the one of the filter. */
  readonly labels?: readonly string[];
  /** The agent it is for. */
  readonly agent?: string;
  /** The person it is for. */
  readonly person?: string;
  /** It lacks the label of the filter. */
  readonly isUnwanted?: boolean;
  /** How long ago it was created, instead of in the order of this list. */
  readonly hoursAgo?: number;
}

/** 40 issues of all sorts; the id of each is its place, from 1. */
export const FORTY_ISSUES: readonly WrittenIssue[] = [
  { title: 'Fix the login form', text: 'The button does nothing.' },
  { title: 'Design the schema of orders', priority: 'high' },
  {
    title: 'Refactor the parser',
    criteria: ['no test fails', 'the old module is gone'],
    labels: ['rust'],
  },
  { title: 'Review the change of the cache', labels: ['role:reviewer'] },
  { title: 'Debug the hanging build', text: 'It is a hard problem.', priority: 'critical' },
  { title: 'Survey of queues', text: 'Which literature is there?' },
  { title: 'Where does the time go', text: 'We need metrics and a profile.' },
  { title: 'Triage the open reports', priority: 'low' },
  { title: 'Plan the next milestone', criteria: ['a roadmap with three steps'], hoursAgo: 3 },
  { title: 'Write the story of the anvil', hoursAgo: 3 },
  { title: 'Coordinate the move of all services', labels: ['capability:deploy'] },
  { title: 'Import in batches', text: 'Many at a time, in parallel.', labels: ['lang:rust'] },
  { title: 'Prototype of the search', text: 'Quick and small.' },
  { title: 'Tune the kernel', labels: ['type:specialized', 'skill:c'] },
  { title: 'Rename a button' },
  { title: 'Audit of the tokens', labels: ['type:planning'], priority: 'high' },
  { title: 'A kind nobody knows', labels: ['type:gardening'] },
  { title: 'Deploy to production', text: 'Roll out, watch, roll back.' },
  { title: 'Approve the budget', text: 'Who decides?', priority: 'high' },
  { title: 'Tell a customer', labels: ['class:human'] },
  { title: 'Watch over a migration', labels: ['class:hybrid'], hoursAgo: 30 },
  { title: 'Format the sources', labels: ['class:ai'], priority: 'low', hoursAgo: 60 },
  { title: 'Release or implement', text: 'A release, a fix and a decision.' },
  { title: 'Change authentication', text: 'See src/pay/charge.ts for the keys.' },
  { title: 'Small words', labels: ['risk:2'] },
  { title: 'Large words', labels: ['risk:high', 'class:ai'] },
  { title: 'Drop a table', labels: ['risk:critical', 'role:reviewer'] },
  { title: 'Nobody can do that', labels: ['skill:cobol'], priority: 'critical' },
  {
    title: 'Both are asked for',
    labels: ['capability:ci', 'skill:rust', 'area:db'],
    priority: 'high',
  },
  { title: 'One at a time', labels: ['area:db'], priority: 'high' },
  { title: 'For the coder alone', agent: 'coder' },
  { title: 'For a person of this dispatcher', agent: 'ana' },
  { title: 'For an agent of another dispatcher', agent: 'zoe' },
  { title: 'For Bob', person: 'bob' },
  { title: 'Somebody has to look', labels: [ESCALATED_LABEL], priority: 'critical' },
  { title: 'Taken back', labels: [HELD_LABEL] },
  { title: 'Not for programs', isUnwanted: true },
  { title: 'Critical, and not for programs', priority: 'critical', isUnwanted: true },
  {
    title: 'Many conditions',
    text: 'As always.\n\n- one\n- two',
    criteria: ['it compiles', 'tests are written', 'a person has approved the plan'],
    labels: ['docs', 'priority-later'],
    priority: 'low',
  },
  { title: 'Odd letters: Straße, 数, 🦀 — <b>', text: 'a "quote" & `code`', labels: ['größe:xl'] },
];
