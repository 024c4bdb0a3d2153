import { defineCommand } from '../../cli/define-command.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { findCycles } from '../../domain/graph.ts';
import { issueGraph, toGraphNode } from '../../views/graph.ts';
import { allOption } from './_arguments.ts';
import { circleInWords, nodeInWords } from './_render.ts';

export const roots = defineCommand({
  path: 'graph roots',
  summary: 'the unfinished issues that wait for no other: where the work begins',
  description:
    'A root may still be held back by a gate or a time; see issue explain. A missing issue that others depend on is a root too. With --all the issues without any dependency.',
  examples: [{ argv: 'graph roots', does: 'what all unfinished work goes back to' }],
  options: allOption,
  output: 'GraphNode[]',
  run: (context, args) =>
    readTracker(context, (tx) => {
      const { nodes, edges, read } = issueGraph(tx, null, args.all);
      for (const cycle of findCycles(nodes, edges)) context.warn(circleInWords(cycle));
      return nodes
        .filter((id) => edges(id).length === 0)
        .map((id) => toGraphNode(tx, id, read.get(id)));
    }),
  render: (nodes, style) => nodes.map((node) => nodeInWords(node, style)).join('\n'),
});
