import { join } from 'node:path';
import type { OperatingConfig, RepositoryConfig } from './config/operating.ts';

/** One repository that a dispatcher works for, and the folder of its own files for it. */
export interface Site {
  /** Its name in `[[repositories]]`; empty where there is only the one of `[tracker]`. */
  readonly repository: string;
  readonly weight: number;
  /** Ledger, logs and runs lie here. */
  readonly folder: string;
  /** What `[[repositories]]` says, or null. */
  readonly config: RepositoryConfig | null;
  /** It is configured no more: its live runs are settled, and nothing is started. */
  readonly isRetired?: boolean;
}

/** The sites of a dispatcher whose own folder is given. */
export function sitesOf(
  { repositories }: Pick<OperatingConfig, 'repositories'>,
  folder: string,
): readonly Site[] {
  if (repositories.length === 0) return [{ repository: '', weight: 1, folder, config: null }];
  return repositories.map((config) => ({
    repository: config.name,
    weight: config.weight,
    folder: join(folder, 'repositories', config.name),
    config,
  }));
}
