/** How issues of a forge are read, and what is written on them. */
export interface ForgeRules {
  readonly kind: 'github' | 'gitea';
  /** Only issues with all of these are given out. */
  readonly labels: readonly string[];
  /** The label of the agent that has an issue, with `{agent_id}` in it. */
  readonly agentLabel: string;
  /** The login name that is assigned while an agent has it, perhaps with `{agent_id}` in it; null: nobody. */
  readonly assign: string | null;
}
