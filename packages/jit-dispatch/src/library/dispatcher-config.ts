import type { z } from 'zod';
import type { DispatchFile } from '../config/schema.ts';
import type { AgentObject } from './agent-object.ts';

type WrittenFile = z.input<typeof DispatchFile>;

/** The keys of dispatch.toml; agents may be objects of this program. */
export type DispatcherConfig = Omit<WrittenFile, 'agents'> & {
  readonly agents: readonly (WrittenFile['agents'][number] | AgentObject)[];
};
