/**
 * The kinds of work that are told apart where the configuration has no `[[task_types]]`, in the order in
 * which they are tried. Kinds and order come from the Gitea dispatcher (seed 004); the words are whole words,
 * or with `*` beginnings of words, so that "plan" is not found in "explain".
 */
export const DEFAULT_TASK_TYPES: readonly {
  readonly name: string;
  readonly keywords: readonly string[];
}[] = [
  { name: 'architecture', keywords: ['architect*', 'design', 'designs', 'adr', 'schema*'] },
  {
    name: 'refactoring',
    keywords: ['refactor*', 'clean up', 'cleanup', 'reorganise*', 'reorganize*'],
  },
  { name: 'code_review', keywords: ['review*', 'audit*'] },
  {
    name: 'complex_reasoning',
    keywords: ['complex', 'hard problem', 'debug*', 'investigat*', 'diagnos*'],
  },
  {
    name: 'research',
    keywords: ['research*', 'survey*', 'literature', 'benchmark*', 'analyse*', 'analyze*'],
  },
  {
    name: 'analysis',
    keywords: ['analysis', 'profil*', 'trace*', 'tracing', 'metric*', 'performance'],
  },
  { name: 'triage', keywords: ['triage*', 'classify', 'prioritise*', 'prioritize*'] },
  {
    name: 'planning',
    keywords: ['plan', 'plans', 'planning', 'roadmap*', 'milestone*', 'epic', 'spike'],
  },
  { name: 'creative', keywords: ['creative', 'persona*', 'story', 'stories', 'write', 'draft*'] },
  { name: 'orchestration', keywords: ['orchestrat*', 'coordinat*', 'swarm*', 'dispatch*'] },
  {
    name: 'parallel_implementation',
    keywords: ['parallel*', 'concurrent*', 'concurrency', 'batch', 'batches'],
  },
  {
    name: 'fast_iteration',
    keywords: ['quick', 'quickly', 'fast', 'iterate', 'prototype*', 'poc'],
  },
  { name: 'specialized', keywords: [] },
  { name: 'routine_coding', keywords: [] },
];

/** What work is that no word tells. */
export const DEFAULT_TASK_TYPE = 'routine_coding';

/** Words that speak for a person alone, for a person beside a program, and for a program. */
export const DEFAULT_SIGNALS = {
  human: [
    'approv*',
    'decide*',
    'decision*',
    'sign off',
    'budget*',
    'negotiat*',
    'hiring',
    'interview*',
    'legal',
    'stakeholder*',
  ],
  hybrid: [
    'deploy*',
    'production',
    'release*',
    'rollout*',
    'roll out',
    'rollback*',
    'migrat*',
    'incident*',
    'outage*',
    'monitor*',
    'on call',
  ],
  ai: [
    'implement*',
    'refactor*',
    'fix*',
    'bug*',
    'test*',
    'code*',
    'review*',
    'analy*',
    'generat*',
    'document*',
    'format*',
    'lint*',
    'pars*',
    'translat*',
  ],
} as const;
