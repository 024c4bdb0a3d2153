import { defineCommand } from '../../cli/define-command.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { dependentsOf, toGraphNode } from '../../views/graph.ts';
import { allOption } from './_arguments.ts';
import { nodeInWords } from './_render.ts';

export const downstream = defineCommand({
  path: 'graph downstream',
  summary: 'everything that waits for an issue, directly or through others',
  description:
    'Nearest first, then by id. Nothing waits for a finished issue any more; with --all finished issues count as if they were not.',
  examples: [{ argv: 'graph downstream 7kq2', does: 'what can only be finished after 7kq2' }],
  positionals: [{ name: 'id', required: true, describe: 'an issue' }],
  options: allOption,
  output: 'Downstream[]',
  exits: ['3 no such issue', '4 the id is ambiguous'],
  run: (context, args) =>
    readTracker(context, (tx) => {
      const found = [...dependentsOf(tx, tx.resolve(args.id), args.all)];
      // Ids of one distance come in the order of ids; what they lead to would come in theirs.
      found.sort(([a, near], [b, far]) => near - far || (a < b ? -1 : 1));
      return found.map(([id, distance]) => ({ ...toGraphNode(tx, id), distance }));
    }),
  render: (nodes, style) =>
    nodes.map((node) => `${node.distance}  ${nodeInWords(node, style)}`).join('\n'),
});
