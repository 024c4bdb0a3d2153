import type { Outside } from '../config/agent-kinds.ts';
import type { AssignmentRecord, KeeperSpec } from '../run-records.ts';

/** What an envoy is told: it stands for an agent that works elsewhere. JSON on its stdin. */
export interface Task {
  readonly outside: Outside;
  readonly dispatcher: string;
  readonly run: string;
  readonly attempt: number;
  readonly agent: string;
  /** Its name for people; left out in tasks of earlier versions. */
  readonly agent_title?: string | null;
  /** The issue's id. */
  readonly issue: string;
  readonly title: string;
  readonly description: string;
  readonly acceptance_criteria: readonly string[];
  readonly labels: readonly string[];
  readonly priority: string | null;
  readonly task_type: string | null;
  /** Links and metadata of the issue: they name issues of forges. */
  readonly links: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly prompt: string | null;
  /** The agent finishes the issue itself. */
  readonly finishes_issue: boolean;
  readonly tracker: KeeperSpec['tracker'];
  /** The run's folder. */
  readonly folder: string;
  /** Where agents of programs would work. */
  readonly cwd: string;
  /** Variables that the agent's configuration passes on or sets. */
  readonly pass_env: readonly string[];
  readonly stop_grace_secs: number;
  /** What the last run of the same agent at this issue left standing. */
  readonly earlier: AssignmentRecord | null;
}

/** The parts of an issue that a task repeats, from the issue as the tracker printed it. */
export function issueFacts(
  whole: unknown,
): Pick<
  Task,
  'title' | 'description' | 'acceptance_criteria' | 'labels' | 'priority' | 'links' | 'metadata'
> {
  const issue = tableOf(whole);
  return {
    title: textOf(issue.title),
    description: textOf(issue.description),
    acceptance_criteria: textsOf(issue.acceptance_criteria),
    labels: textsOf(issue.labels),
    priority: typeof issue.priority === 'string' ? issue.priority : null,
    links: Object.fromEntries(
      Object.entries(tableOf(issue.links)).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    ),
    metadata: tableOf(issue.metadata),
  };
}

function tableOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
