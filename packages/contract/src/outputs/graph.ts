import { z } from 'zod';
import { PRIORITIES, SHOWN_STATES } from '../vocabulary.ts';

const nodeShape = {
  id: z.string(),
  short_id: z.string(),
  title: z.string().nullable().describe('null: missing or unreadable'),
  state: z.enum([...SHOWN_STATES, 'missing', 'unreadable']),
  priority: z.enum(PRIORITIES).nullable(),
  assignee: z.string().nullable(),
};

/** One issue of a graph; `missing` where nothing is known of it but that others depend on it. */
export const GraphNodeOutput = z.strictObject(nodeShape).meta({ id: 'GraphNode' });
export type GraphNodeOutput = z.infer<typeof GraphNodeOutput>;

/** A dependency graph: every issue once, and who depends on whom. */
export const GraphOutput = z
  .strictObject({
    nodes: z.array(GraphNodeOutput).describe('in the order of ids'),
    edges: z.array(z.strictObject({ issue: z.string(), depends_on: z.string() })),
    tops: z.array(z.string()).describe('what no other issue of the graph depends on'),
    cycles: z.array(z.array(z.string())).describe('one path per circle, first and last id equal'),
  })
  .meta({ id: 'Graph' });
export type GraphOutput = z.infer<typeof GraphOutput>;

/** One issue that waits for another, directly or through others. */
export const DownstreamOutput = z
  .strictObject({ ...nodeShape, distance: z.int().describe('1: depends on it directly') })
  .meta({ id: 'Downstream' });
export type DownstreamOutput = z.infer<typeof DownstreamOutput>;

/** The longest chain of issues that have to be finished one after the other. */
export const CriticalPathOutput = z
  .strictObject({
    length: z.int(),
    path: z.array(GraphNodeOutput).describe('what has to be finished first stands first'),
    cycles: z.array(z.array(z.string())),
  })
  .meta({ id: 'CriticalPath' });
export type CriticalPathOutput = z.infer<typeof CriticalPathOutput>;

/** What `graph export` prints where it does not print the graph itself. */
export const GraphExportOutput = z
  .strictObject({
    format: z.enum(['dot', 'mermaid', 'json']),
    nodes: z.int(),
    edges: z.int(),
    file: z.string().nullable().describe('the file that was written, else null'),
    text: z.string().nullable().describe('the drawing, null where it stands in the file'),
  })
  .meta({ id: 'GraphExport' });
export type GraphExportOutput = z.infer<typeof GraphExportOutput>;
