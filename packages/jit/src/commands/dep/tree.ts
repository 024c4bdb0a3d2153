import type { DependencyTreeOutput } from '@jit/contract/outputs/dependency';
import { defineCommand } from '../../cli/define-command.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { toDependencyTree } from '../../views/dependency.ts';

/** JSON that is nested more deeply can't be printed, nor read by most programs. */
const MAX_DEPTH = 500;

export const tree = defineCommand({
  path: 'dep tree',
  summary: 'everything an issue waits for, down to the roots',
  description:
    'What several issues wait for is shown once in full, then marked (above). Missing and unreadable issues are shown as such.',
  examples: [{ argv: 'dep tree 7kq2', does: 'the chain of what has to be finished first' }],
  positionals: [{ name: 'id', required: true, describe: 'an issue' }],
  options: {
    depth: {
      type: 'number',
      integer: true,
      min: 1,
      max: MAX_DEPTH,
      default: MAX_DEPTH,
      placeholder: 'N',
      describe: `show N levels, at most ${MAX_DEPTH}; what is cut is marked`,
    },
  },
  output: 'DependencyTree',
  exits: ['3 no such issue', "4 the id is ambiguous; the issue's file can't be used"],
  run: (context, args) =>
    readTracker(context, (tx) => {
      const id = tx.resolve(args.id);
      tx.mustHave(id);
      return toDependencyTree(tx, id, args.depth);
    }),
  render: (data) => treeLines(data).join('\n'),
});

interface Step {
  readonly node: DependencyTreeOutput;
  /** What stands before the children of this node. */
  readonly indent: string;
  readonly branch: string;
}

/** A line per node, without recursion: chains can be long. */
function treeLines(root: DependencyTreeOutput): string[] {
  const lines: string[] = [];
  const open: Step[] = [{ node: root, indent: '', branch: '' }];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const { node, indent, branch } = step;
    lines.push(`${branch}${describe(node)}`);
    const children = node.dependencies.map((child, position): Step => {
      const last = position === node.dependencies.length - 1;
      const before = `${indent}${last ? '   ' : '│  '}`;
      return { node: child, indent: before, branch: `${indent}${last ? '└─ ' : '├─ '}` };
    });
    open.push(...children.reverse());
  }
  return lines;
}

function describe({ short_id, state, title, repeated, cut }: DependencyTreeOutput): string {
  const mark = repeated ? ' (above)' : cut ? ' …' : '';
  return `${short_id} ${state}${title === null ? '' : ` ${title}`}${mark}`;
}
