import type { LabelSettings } from '../../config/agent-kinds.ts';
import type { Forge } from '../../forge/forge.ts';
import {
  type Assignment,
  done,
  failed,
  going,
  type Kind,
  type Means,
  type Sight,
  takenBack,
} from '../kind.ts';
import { linkedIssue } from '../linked-issue.ts';
import { openForge } from '../open-forge.ts';
import type { Task } from '../task.ts';
import { assignmentText, findAssignment, markerOf, withdrawalText } from './assignment-comment.ts';

const COLOR = '1d76db';

/** Somebody who works on issues with a label, on GitHub or Gitea: closed is done. */
export const labelKind: Kind<LabelSettings> = {
  async open(settings, task, means) {
    const { forge } = settings;
    const linked = linkedIssue(task, forge.kind, forge.repository);
    if ('problem' in linked) return unlinked(linked.problem);
    return labelAssignment(await openForge(forge, means), linked.number, { settings, task, means });
  },
};

/** There is nothing to bring the work to. */
function unlinked(problem: string): Assignment {
  const sight = async () => failed('environment', 'not_linked', problem);
  return {
    pollMs: 0,
    begin: sight,
    look: sight,
    withdraw: async () => 'it was never brought there',
    close: async () => {},
  };
}

function labelAssignment(
  forge: Forge,
  number: number,
  {
    settings: { label, pollSecs },
    task,
    means,
  }: { settings: LabelSettings; task: Task; means: Means },
): Assignment {
  const { say, keep, earlier } = means;
  let key = means.key;
  const place = `${forge.name}#${number}`;

  const look = async (): Promise<Sight> => {
    const issue = await forge.findIssue(number);
    if (issue === null)
      return failed('environment', 'issue_gone', `${place} is not there (any more)`);
    if (issue.state === 'closed')
      return issue.state_reason === 'not_planned'
        ? failed('agent', 'not_planned', `${place} was closed as not planned`)
        : done(`${place} is closed`);
    if (!issue.labels.includes(label))
      return takenBack(`somebody took the label ${label} off ${place} while it is open`);
    return going(issue.updated_at);
  };

  return {
    pollMs: pollSecs * 1000,
    async begin() {
      // The label was on: that it is off is somebody's word.
      if (earlier?.is === 'standing') return look();
      const issue = await forge.findIssue(number);
      if (issue === null || issue.state === 'closed') return look();
      const comments = await forge.listComments(number);
      const left = issue.labels.includes(label) ? findAssignment(comments, task) : null;
      if (left !== null && left !== key) {
        say(`run ${left} brought this work before: gone on with`);
        key = left;
      }
      keep('asked', { key });
      // Before the label, which is what the other side waits for.
      const isTold = comments.some(({ body }) => body.includes(markerOf(task, key)));
      if (!isTold) await forge.addComment(number, assignmentText(task, key));
      await forge.addLabel(number, { name: label, color: COLOR, description: '' });
      keep('standing', { key });
      say(`${place} has the label ${label}`);
      return going(null);
    },
    look,
    async withdraw() {
      const issue = await forge.findIssue(number);
      if (issue === null || !issue.labels.includes(label)) return `${place} has no label ${label}`;
      await forge.removeLabel(number, label);
      const text = withdrawalText(task, key);
      if ((await forge.findComment(number, text.marker)) === null)
        await forge.addComment(number, text.body);
      return `the label ${label} was taken off ${place}`;
    },
    close: async () => {},
  };
}
