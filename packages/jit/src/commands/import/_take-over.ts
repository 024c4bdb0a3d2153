import type { ImportOutput } from '@jit/contract/outputs/repository';
import type { JitContext } from '../../context.ts';
import type { ImportPlan } from '../../import/source.ts';
import { importIssues } from '../../operations/import-issues.ts';

/** The options of every import. */
export const importOptions = {
  'dry-run': { type: 'boolean', describe: 'tell what would come over and change nothing' },
} as const;

/** The exit codes of every import. */
export const importExits = [
  '3 there is nothing at this path, or no tracker here',
  "4 the source can't be read or would make a cycle: nothing was imported",
  '5 the source may not be read',
];

/** Takes a plan over, or tells what that would do. */
export function takeOver(context: JitContext, plan: ImportPlan, dryRun: boolean): ImportOutput {
  return importIssues(context.store, plan, { actor: context.actor, dryRun });
}
