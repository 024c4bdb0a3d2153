import { defineCommand } from '../../cli/define-command.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { findCycles } from '../../domain/graph.ts';
import { edgesWithin, longestChain } from '../../domain/graph-walk.ts';
import { issueGraph, toGraphNode } from '../../views/graph.ts';
import { belowArgument } from './_arguments.ts';
import { circleInWords, nodeInWords } from './_render.ts';

export const criticalPath = defineCommand({
  path: 'graph critical-path',
  summary: 'the longest chain of unfinished issues, one after the other',
  description:
    'Counted in issues; what has to be finished first stands first. Of equal chains the one with the lowest ids, so the answer stays the same.',
  examples: [
    { argv: 'graph critical-path', does: 'the chain that decides when all is done' },
    { argv: 'graph critical-path 7kq2', does: 'the longest way to 7kq2' },
  ],
  positionals: [belowArgument],
  output: 'CriticalPath',
  exits: ['3 no such issue', "4 the id is ambiguous; the issue's file can't be used"],
  run: (context, args) =>
    readTracker(context, (tx) => {
      const root = args.id === undefined ? null : tx.resolve(args.id);
      if (root !== null) tx.mustHave(root);
      const { nodes, edges, read } = issueGraph(tx, root, false);
      const there = nodes.filter((id) => tx.stateOf(id) !== 'missing');
      const cycles = findCycles(nodes, edges);
      for (const cycle of cycles) context.warn(circleInWords(cycle));
      const path = longestChain(there, edgesWithin(there, edges));
      return {
        length: path.length,
        path: path.map((id) => toGraphNode(tx, id, read.get(id))),
        cycles,
      };
    }),
  render: ({ path }, style) =>
    path.map((node, at) => `${at + 1}. ${nodeInWords(node, style)}`).join('\n'),
});
