import { join } from 'node:path';
import type { AgentConfig } from '../config/config.ts';
import { readRecord } from '../keeper/records.ts';
import { RUN_FILES } from '../run-records.ts';

/** How the end of a run is judged: as its agent was configured when the run began. */
export interface AgentRules {
  readonly account: string;
  readonly rateLimitExit: readonly number[];
  readonly rateLimitPattern: RegExp | null;
}

interface RulesRecord {
  readonly account: string;
  readonly rate_limit_exit: readonly number[];
  readonly rate_limit_pattern: string | null;
}

/** The rules of an agent as the text of `rules.json`. */
export function rulesText({ account, rateLimitExit, rateLimitPattern }: AgentConfig): string {
  const record: RulesRecord = {
    account,
    rate_limit_exit: rateLimitExit,
    rate_limit_pattern: rateLimitPattern?.source ?? null,
  };
  return JSON.stringify(record);
}

/** The rules of a run, from its folder; where it has none, of the agent as it is configured now. */
export function rulesOf(
  folder: string,
  agent: string,
  configured: readonly AgentConfig[],
): AgentRules {
  const record = readRecord<RulesRecord>(join(folder, RUN_FILES.rules));
  if (record !== null && typeof record.account === 'string')
    return {
      account: record.account,
      rateLimitExit: record.rate_limit_exit,
      rateLimitPattern:
        record.rate_limit_pattern === null ? null : new RegExp(record.rate_limit_pattern, 'iu'),
    };
  return (
    configured.find(({ id }) => id === agent) ?? {
      account: agent,
      rateLimitExit: [],
      rateLimitPattern: null,
    }
  );
}
