import type { IssueChangeOutput } from '@jit/contract/outputs/issue';

/** The options of `gate pass` and `gate fail`. */
export const decisionOptions = {
  by: { type: 'string', placeholder: 'WHO', describe: 'who decided it; the actor unless given' },
  note: { type: 'text', describe: 'why, or what was looked at' },
} as const;

/** What both decide on. */
export const decisionPositionals = [
  { name: 'id', required: true, describe: 'the issue' },
  { name: 'key', required: true, describe: 'the gate' },
] as const;

/** `7kq2: review passed, tests pending` */
export function gatesInWords({ short_id, gates }: IssueChangeOutput): string {
  return `${short_id}: ${gates.map(({ key, status }) => `${key} ${status}`).join(', ')}`;
}
