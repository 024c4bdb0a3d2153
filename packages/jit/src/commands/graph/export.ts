import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { harmlessJson } from '@jit/cli-kit/harmless';
import { JitError, usageError } from '@jit/contract/errors';
import type { GraphExportOutput, GraphOutput } from '@jit/contract/outputs/graph';
import { defineCommand } from '../../cli/define-command.ts';
import { refusePlace } from '../../cli/output-file.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { toDot, toMermaid } from '../../domain/graph-text.ts';
import { issueGraph, toGraph } from '../../views/graph.ts';
import { allOption, belowArgument } from './_arguments.ts';
import { circleInWords } from './_render.ts';

const FORMATS = ['dot', 'mermaid', 'json'] as const;

export const exportGraph = defineCommand({
  path: 'graph export',
  summary: 'the dependency graph as dot, Mermaid or JSON',
  description:
    'An arrow points from an issue to what it depends on. Finished issues are left out unless --all.',
  examples: [
    { argv: 'graph export -o graph.dot', does: 'a drawing for Graphviz' },
    { argv: 'graph export 7kq2 --format mermaid', does: 'the graph below 7kq2 for a document' },
  ],
  positionals: [belowArgument],
  options: {
    format: {
      type: 'string',
      alias: 'f',
      choices: FORMATS,
      default: 'dot',
      describe: 'the language of the drawing',
    },
    output: {
      type: 'string',
      alias: 'o',
      placeholder: 'FILE',
      describe: 'write it to this file; one that is there is replaced',
    },
    ...allOption,
  },
  output: 'GraphExport | Graph',
  exits: [
    '2 the file lies inside .jit, or the command stands in a batch and has -o',
    '3 no such issue',
    "4 the id is ambiguous; the issue's file can't be used",
    "10 the file can't be written",
  ],
  run(context, args): GraphExportOutput | GraphOutput {
    const file = args.output === undefined ? null : resolve(args.output);
    if (file !== null && context.isBatchLine) throw notInBatch();
    if (file !== null) refusePlace(file, context.where.dir);
    const graph = readTracker(context, (tx) => {
      const root = args.id === undefined ? null : tx.resolve(args.id);
      if (root !== null) tx.mustHave(root);
      return toGraph(tx, issueGraph(tx, root, args.all));
    });
    for (const cycle of graph.cycles) context.warn(circleInWords(cycle));
    const { format } = args;
    if (format === 'json' && file === null) return graph;
    const text = textOf(graph, format);
    if (file !== null) write(file, `${text}\n`);
    const counts = { nodes: graph.nodes.length, edges: graph.edges.length };
    return { format, ...counts, file, text: file === null ? text : null };
  },
  render(data) {
    if (!('format' in data)) return harmlessJson(data, 2);
    return data.text ?? `${data.nodes} issues and ${data.edges} dependencies in ${data.file}`;
  },
});

function textOf(graph: GraphOutput, format: (typeof FORMATS)[number]): string {
  if (format === 'json') return harmlessJson(graph, 2);
  return format === 'dot' ? toDot(graph) : toMermaid(graph);
}

function notInBatch(): JitError {
  return usageError("-o can't stand in a line of a batch", {
    hint: 'The file could not be taken back with the batch; without -o the answer holds the text.',
  });
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new JitError('external', 'CANNOT_WRITE_FILE', `${file} can't be written: ${why}`, {
      details: { file },
    });
  }
}
