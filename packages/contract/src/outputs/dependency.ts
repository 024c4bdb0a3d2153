import { z } from 'zod';
import { PRIORITIES, SHOWN_STATES } from '../vocabulary.ts';

/** One edge: `issue` depends on `depends_on`. */
export const EdgeOutput = z
  .strictObject({
    issue: z.string(),
    depends_on: z.string(),
    title: z.string().nullable(),
    state: z.enum([...SHOWN_STATES, 'missing', 'unreadable']),
    priority: z.enum(PRIORITIES).nullable(),
  })
  .meta({ id: 'Edge' });
export type EdgeOutput = z.infer<typeof EdgeOutput>;

/** What `dep add` and `dep rm` print. */
export const DependencyChangeOutput = z
  .strictObject({
    id: z.string(),
    short_id: z.string(),
    state: z.enum(SHOWN_STATES),
    added: z.array(z.string()),
    removed: z.array(z.string()),
    dependencies: z.array(z.string()),
    changed: z.boolean(),
  })
  .meta({ id: 'DependencyChange' });
export type DependencyChangeOutput = z.infer<typeof DependencyChangeOutput>;

/** A node of the dependency tree; a node met before is named again without its children. */
export interface DependencyTreeOutput {
  id: string;
  short_id: string;
  title: string | null;
  state: string;
  repeated: boolean;
  cut: boolean;
  dependencies: DependencyTreeOutput[];
}
export const DependencyTreeOutput: z.ZodType<DependencyTreeOutput> = z
  .strictObject({
    id: z.string(),
    short_id: z.string(),
    title: z.string().nullable(),
    state: z.string(),
    repeated: z.boolean().describe('shown further up already; its dependencies are listed there'),
    cut: z.boolean().describe('it has dependencies that are not shown because of the depth'),
    get dependencies() {
      return z.array(DependencyTreeOutput);
    },
  })
  .meta({ id: 'DependencyTree' });
