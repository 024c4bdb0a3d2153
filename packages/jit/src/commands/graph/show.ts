import type { Style } from '@jit/cli-kit/style';
import type { GraphOutput } from '@jit/contract/outputs/graph';
import { defineCommand } from '../../cli/define-command.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { graphRows } from '../../domain/graph-rows.ts';
import { issueGraph, toGraph } from '../../views/graph.ts';
import { allOption, belowArgument } from './_arguments.ts';
import { circleInWords, nodeInWords } from './_render.ts';

export const show = defineCommand({
  path: 'graph show',
  summary: 'the dependency graph below an issue, or of everything unfinished',
  description:
    'Every issue stands in full once; where it comes up again it is marked (above), and a branch that gets too deep goes on at the left (below). Finished issues are left out unless --all. Missing and unreadable issues and circles are shown as such.',
  examples: [
    { argv: 'graph show 7kq2', does: 'what has still to be finished before 7kq2' },
    { argv: 'graph show --json', does: 'nodes and edges of everything unfinished' },
  ],
  positionals: [belowArgument],
  options: allOption,
  output: 'Graph',
  exits: ['3 no such issue', "4 the id is ambiguous; the issue's file can't be used"],
  run: (context, args) =>
    readTracker(context, (tx) => {
      const root = args.id === undefined ? null : tx.resolve(args.id);
      if (root !== null) tx.mustHave(root);
      const graph = toGraph(tx, issueGraph(tx, root, args.all));
      for (const cycle of graph.cycles) context.warn(circleInWords(cycle));
      return root === null ? graph : { ...graph, tops: [root] };
    }),
  render: drawn,
});

function drawn({ nodes, edges, tops }: GraphOutput, style: Style): string {
  if (nodes.length === 0) return style.isTty ? style.dim('nothing is unfinished') : '';
  const known = new Map(nodes.map((node) => [node.id, node]));
  const targets = new Map<string, string[]>();
  for (const { issue, depends_on } of edges) {
    const list = targets.get(issue);
    if (list === undefined) targets.set(issue, [depends_on]);
    else list.push(depends_on);
  }
  const lines = graphRows(tops, (id) => targets.get(id) ?? []).map(({ id, branch, mark }) => {
    const node = known.get(id);
    const words = node === undefined ? id : nodeInWords(node, style);
    return `${branch}${words}${mark === null ? '' : ` (${mark})`}`;
  });
  return lines.join('\n');
}
