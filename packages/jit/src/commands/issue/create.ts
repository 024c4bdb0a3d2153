import { usageError } from '@jit/contract/errors';
import { PRIORITIES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { renderChange } from '../../cli/render-issue.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import { createIssue } from '../../operations/create-issue.ts';
import { toIssueChange } from '../../views/issue.ts';
import { fieldOptions, fieldsOf } from './_fields.ts';

export const create = defineCommand({
  path: 'issue create',
  summary: 'make an issue',
  examples: [
    { argv: 'issue create -t "Implement parser" -p high', does: 'makes an issue of high priority' },
    {
      argv: 'issue create "Write tests" --dep 7kq2 --gate review',
      does: 'waits for 7kq2 and for a review',
    },
  ],
  positionals: [{ name: 'name', describe: 'the title, where -t is not given' }],
  options: {
    title: { type: 'string', alias: 't', describe: 'what is to be done, in one line' },
    ...fieldOptions,
    priority: {
      type: 'string',
      alias: 'p',
      choices: PRIORITIES,
      default: 'normal',
      describe: 'how urgent it is',
    },
    label: { type: 'list', alias: 'l', describe: 'label, by custom key:value' },
    dep: {
      type: 'list',
      split: ',',
      placeholder: 'ID',
      describe: 'issue that must be finished before',
    },
  },
  output: 'IssueChange',
  exits: ['3 no such dependency or gate'],
  run(context, args) {
    if (args.title !== undefined && args.name !== undefined) {
      throw usageError('the title is given twice, with -t and as an argument');
    }
    const title = args.title ?? args.name;
    if (title === undefined)
      throw usageError('a title is missing', { hint: 'jit issue create -t "What is to be done"' });
    return writeTracker(context, (tx) => {
      const id = createIssue(tx, {
        ...fieldsOf(args),
        title,
        priority: args.priority,
        labels: args.label,
        dependencies: args.dep,
        gates: args.gate,
        defineGates: args.define,
      });
      return toIssueChange(tx, id, true);
    });
  },
  render: (issue, style) => renderChange(issue, style, `created ${issue.short_id}`),
});
