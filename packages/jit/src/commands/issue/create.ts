import { usageError } from '@jit/contract/errors';
import type { IssuesCreatedOutput } from '@jit/contract/outputs/bulk';
import type { IssueChangeOutput } from '@jit/contract/outputs/issue';
import { PRIORITIES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { renderChange } from '../../cli/render-issue.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import { createIssue } from '../../operations/create-issue.ts';
import { toIssueChange } from '../../views/issue.ts';
import { createMany, renderCreated } from './_create-many.ts';
import { fieldOptions, fieldsOf } from './_fields.ts';

export const create = defineCommand({
  path: 'issue create',
  summary: 'make an issue',
  description:
    'With --from-json whole graphs: a list of objects with title (required), key, description, acceptance_criteria, priority, assignee, labels, depends_on, gates, defer_until, documents, links, metadata. depends_on holds keys of the same document, ids, or beginnings of ids. All are made in one write or none.',
  examples: [
    { argv: 'issue create -t "Implement parser" -p high', does: 'makes an issue of high priority' },
    {
      argv: 'issue create "Write tests" --dep 7kq2 --gate review',
      does: 'waits for 7kq2 and for a review',
    },
    {
      argv: 'issue create --from-json plan.json',
      does: 'makes [{"key":"a","title":"Parser"},{"title":"Tests","depends_on":["a"]}]',
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
      describe: 'how urgent it is; normal, where it is not given',
    },
    label: { type: 'list', alias: 'l', describe: 'label, by custom key:value' },
    dep: {
      type: 'list',
      split: ',',
      placeholder: 'ID',
      describe: 'issue that must be finished before',
    },
    'from-json': {
      type: 'file',
      placeholder: 'PATH',
      describe: 'make every issue of this JSON document instead',
    },
    'dry-run': { type: 'boolean', describe: 'with --from-json: check everything, make nothing' },
  },
  output: 'IssueChange | IssuesCreated',
  exits: [
    '3 no such dependency or gate',
    'INVALID_ISSUES exits as its first problem: 2 the form, 3 a reference, 4 a circle',
  ],
  async run(context, args): Promise<IssueChangeOutput | IssuesCreatedOutput> {
    if (args.fromJson !== undefined) {
      refuseBeside(args);
      return createMany(context, args.fromJson, args);
    }
    if (args.dryRun) throw usageError('--dry-run goes with --from-json only');
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
  render: (data, style) =>
    'created' in data
      ? renderCreated(data, style)
      : renderChange(data, style, `created ${data.short_id}`),
});

/** What goes with `--from-json`; everything else stands in the document. */
const BESIDE = ['fromJson', 'define', 'dryRun'];

function refuseBeside(args: object): void {
  const other = Object.entries(args).find(
    ([name, value]) => !BESIDE.includes(name) && ![undefined, ''].includes(value?.toString()),
  );
  if (other === undefined) return;
  const [name] = other;
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw usageError(`--from-json does not go with ${name === 'name' ? 'a title' : flag}`, {
    hint: 'What an issue is given stands in the document.',
  });
}
