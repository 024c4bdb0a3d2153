import type { ClassificationConfig, RiskConfig, TaskTypeRule } from '../../config/choosing.ts';
import { type Classed, classOf } from './classification.ts';
import { foldName, type IssueText, labelValues } from './issue-text.ts';
import { type Risk, riskOf } from './risk.ts';
import { type TaskType, taskTypeOf } from './task-type.ts';
import type { ToldClass } from './told-class.ts';
import { type Wishes, wishesOf } from './wishes.ts';

/** Everything about an issue that decides which agents are suitable. */
export interface Assessment {
  readonly taskType: TaskType;
  /** The role that a label `role:` names, or null. */
  readonly role: string | null;
  /** Capabilities and skills that labels `capability:` and `skill:` ask for. */
  readonly needs: readonly string[];
  readonly classed: Classed;
  readonly risk: Risk | null;
  readonly wishes: Wishes;
  /** About how many tokens its own text has. */
  readonly tokens: number;
}

/** By what issues are assessed, of the configuration. */
export interface AssessmentRules {
  readonly taskTypes: readonly TaskTypeRule[];
  readonly classification: ClassificationConfig;
  readonly risk: RiskConfig;
}

/** Assesses an issue. Pure: the same text and the same answer of the program give the same. */
export function assess(
  text: IssueText,
  rules: AssessmentRules,
  { told, tokens }: { readonly told: ToldClass | undefined; readonly tokens: number },
): Assessment {
  const wishes = wishesOf(text);
  const [role = null] = labelValues(text.labels, 'role');
  const needs = ['capability', 'skill'].flatMap((key) => labelValues(text.labels, key));
  return {
    taskType: taskTypeOf(text, wishes, rules.taskTypes),
    role,
    needs: [...new Set(needs.map(foldName))],
    classed: classOf(text, wishes, rules.classification, told),
    risk: riskOf(text, rules.risk),
    wishes,
    tokens,
  };
}
