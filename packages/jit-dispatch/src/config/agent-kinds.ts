import type { ForgeAccess } from './forges.ts';

/** The kinds of agent: how work is brought to it, and how it is seen that it has ended. */
export const AGENT_KINDS = [
  'command',
  'http',
  'github-label',
  'gitea-label',
  'github-actions',
  'copilot-sdk',
  'human',
] as const;
export type AgentKind = (typeof AGENT_KINDS)[number];

/** Where a token stands: the name of a variable, or an absolute file. Never the token itself. */
export type TokenPlace = ForgeAccess['token'];

/** An agent behind an address. */
export interface HttpSettings {
  /** Addresses may hold `{issue_id}`, `{agent_id}` and `{run_id}`. */
  readonly url: string;
  readonly token: TokenPlace | null;
  /** Codes that mean: the work was taken. */
  readonly accept: readonly number[];
  /** It is told an address on loopback at which it says how it ended. */
  readonly callback: boolean;
  /** It is asked there how far it is. */
  readonly pollUrl: string | null;
  /** It is told there that the work is taken back. */
  readonly cancelUrl: string | null;
  readonly pollSecs: number;
  readonly timeoutSecs: number;
}

/** Somebody who works on issues of a forge that have a label. */
export interface LabelSettings {
  readonly forge: ForgeAccess;
  readonly label: string;
  readonly pollSecs: number;
}

/** A workflow of GitHub Actions. */
export interface WorkflowSettings {
  readonly forge: ForgeAccess;
  readonly file: string;
  /** Null: the default branch. */
  readonly ref: string | null;
  /** Values may hold placeholders. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The input that gets the run's id: the workflow repeats it in its `run-name`. */
  readonly runInput: string;
  readonly pollSecs: number;
}

/** A session of the Copilot SDK. */
export interface SessionSettings {
  /** The package, or an absolute path. */
  readonly module: string;
  /** The folder it is found from. */
  readonly folder: string;
  /** Null: what the SDK takes by itself. */
  readonly model: string | null;
  readonly timeoutSecs: number;
  readonly retries: number;
  readonly retrySecs: number;
}

/** A person. */
export interface HumanSettings {
  /** Is told of the work, as JSON on stdin. */
  readonly notify: readonly string[] | null;
  readonly pollSecs: number;
}

/** What an agent that is no program here needs to be known of it. */
export type Outside =
  | { readonly kind: 'http'; readonly settings: HttpSettings }
  | { readonly kind: 'github-label' | 'gitea-label'; readonly settings: LabelSettings }
  | { readonly kind: 'github-actions'; readonly settings: WorkflowSettings }
  | { readonly kind: 'copilot-sdk'; readonly settings: SessionSettings }
  | { readonly kind: 'human'; readonly settings: HumanSettings };

/** Whether claims for an agent end by themselves. A person has no token: what they hold, they may finish. */
export function isLeased({ kind }: { readonly kind: AgentKind }): boolean {
  return kind !== 'human';
}
