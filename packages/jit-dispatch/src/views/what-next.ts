import type { WaitReason } from '../planning/plan-cycle.ts';
import type { EscalationReason } from '../planning/why-escalate.ts';

/** What a hint may name. */
export interface HintFacts {
  readonly issue: string;
  /** Its repository, or empty. */
  readonly repository: string;
  readonly assignee: string | null;
  /** Whom a person gave it to, by a wish. */
  readonly to: string | null;
}

type Hint = (facts: HintFacts) => string;

/** What ends each wait. */
export const WHAT_ENDS_A_WAIT: Readonly<Record<WaitReason, Hint>> = {
  already_running: () => 'the next cycle settles that run; jit-dispatch runs shows it',
  escalated: ({ issue }) =>
    `look at it (jit issue show ${issue}), then jit-dispatch dispatch ${issue}, with --to AGENT where its risk keeps agents away`,
  held: ({ issue }) => `jit issue update ${issue} --remove-label dispatch:held gives it back`,
  reserved: ({ issue, assignee, to }) =>
    assignee === null
      ? `jit-dispatch dispatch ${issue} --to "" frees it for all agents, or configure an agent ${to}`
      : `jit issue unassign ${issue} frees it for all agents, or configure an agent ${assignee}`,
  claim_refused: ({ issue }) =>
    `change what the tracker names (jit issue show ${issue}); its claim is then asked for again`,
  history_unknown: ({ issue }) =>
    `jit events query --issue ${issue} has to answer; jit validate finds damage`,
  paused: ({ repository }) =>
    repository === ''
      ? 'jit-dispatch resume'
      : `jit-dispatch resume, or jit-dispatch resume --repository ${repository} where only that is paused`,
  no_room_on_machine: () =>
    'make room on the disk or wait until the load falls; the limits are in [admission]',
  max_issues: () => 'a cycle with a higher --max-issues, or the running dispatcher, starts it',
  max_concurrent: () => 'a run has to end, or raise max_concurrent',
  label_limit: () => 'an issue with that label has to end, or raise max in [[limits]]',
  state_limit: () =>
    'issues have to leave that state (jit query state in_progress, jit query state gated), or raise max in [[limits]]',
  agents_full: () => 'a run of one of these agents has to end, or raise its capacity',
  agents_resting: () => 'it starts by itself when the first of them has rested',
  agents_unhealthy: () => 'mend what their health check says; jit-dispatch doctor runs it',
  label_filter: ({ issue }) =>
    `jit issue update ${issue} --add-label LABEL, or another label_filter`,
  classifying: () => 'the program that classifies has to answer; then a cycle goes on with it',
  classification_failed: ({ issue }) =>
    `mend the program in [classification], or say it yourself: jit-dispatch dispatch ${issue} --class ai`,
  no_suitable_agent: ({ issue }) =>
    `jit-dispatch agents --for ${issue} shows what each lacks; jit-dispatch reassign ${issue} AGENT gives it to one all the same`,
  agents_paused: () => 'jit-dispatch resume --agent ID for one of these agents',
};

/** What a person can do about an issue that agents can't do. */
export const WHAT_ENDS_AN_ESCALATION: Readonly<Record<EscalationReason, Hint>> = {
  agents_excluded: ({ issue }) =>
    `see why it failed (jit-dispatch runs --all --issue ${issue}), then jit-dispatch dispatch ${issue}`,
  lifetime_used_up: ({ issue }) =>
    `see why it failed (jit-dispatch runs --all --issue ${issue}), then jit-dispatch dispatch ${issue}`,
  hand_overs_used_up: ({ issue }) =>
    `see its parts (jit dep tree ${issue}), then jit-dispatch dispatch ${issue}`,
  high_risk: ({ issue }) =>
    `look at it (jit issue show ${issue}), then jit-dispatch dispatch ${issue} --to AGENT, or a label risk:low`,
  no_suitable_agent: ({ issue }) =>
    `jit-dispatch agents --for ${issue} shows what each lacks; jit-dispatch dispatch ${issue} --to AGENT gives it to one all the same`,
  waits_used_up: ({ issue }) =>
    `see why its provider refuses (jit-dispatch runs --all --issue ${issue}), then jit-dispatch dispatch ${issue}`,
};
