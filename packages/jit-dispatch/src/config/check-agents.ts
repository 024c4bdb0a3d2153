import type { z } from 'zod';
import type { AgentKind } from './agent-kinds.ts';
import { checkOutside, completionOf, kindOf } from './check-kinds.ts';
import { checkHealth } from './check-operating.ts';
import type { AgentConfig, StallLimits } from './config.ts';
import type { ForgesConfig } from './forges.ts';
import type { KeyPath } from './locate-key.ts';
import { PLACEHOLDERS, unknownPlaceholder } from './placeholders.ts';
import type { Problem } from './problem.ts';
import { hasNul, NUL_PROBLEM, toArgv } from './program-of.ts';
import type { AgentTable, DispatchFile } from './schema.ts';
import { CommandProblem } from './split-command.ts';

/** What agents are checked with. */
export interface AgentsPlace {
  readonly folder: string;
  readonly stall: DispatchFile['stall'];
  readonly forges: ForgesConfig;
}

/** Turns the `[[agents]]` tables into agents; what is wrong with them goes into `problems`. */
export function checkAgents(
  tables: readonly z.infer<typeof AgentTable>[],
  { folder, stall, forges }: AgentsPlace,
  problems: Problem[],
): AgentConfig[] {
  const first = new Map<string, number>();
  checkOrder(toStallLimits({}, stall), ['stall'], problems);
  return tables.map((table, index) => {
    const path = ['agents', index];
    // Issues are claimed under this name, and file systems and people fold case.
    const key = table.id.toLowerCase();
    const other = first.get(key);
    if (other === undefined) first.set(key, index);
    else
      problems.push({ path: [...path, 'id'], message: `${table.id} is agents[${other}] already` });
    if (table.capacity !== undefined && (table.max_concurrent ?? table.capacity) !== table.capacity)
      problems.push({
        path: [...path, 'max_concurrent'],
        message: `says ${table.max_concurrent}, but capacity, the same thing, says ${table.capacity}`,
      });
    if (table.prompt === 'stdin' && table.issue_json === 'stdin')
      problems.push({
        path: [...path, 'prompt'],
        message:
          'is stdin, and so is issue_json: stdin holds one of them; use "file" for the other',
      });
    const kind = kindOf(table);
    // Whoever works elsewhere is seen now and then only.
    const limits = toStallLimits(table.stall, kind === 'command' ? stall : NEVER);
    if (Object.keys(table.stall).length > 0) checkOrder(limits, [...path, 'stall'], problems);
    for (const [name, value] of Object.entries(table.env))
      if (hasNul(name) || hasNul(value))
        problems.push({ path: [...path, 'env', name], message: NUL_PROBLEM });
    return {
      id: table.id,
      title: table.title ?? null,
      kind,
      outside: checkOutside(table, kind, { path, folder, forges, problems }),
      type: table.type ?? null,
      capacity: table.capacity ?? table.max_concurrent ?? 1,
      tags: table.tags,
      role: table.role ?? null,
      capabilities: table.capabilities,
      skills: table.skills,
      strengths: table.strengths.map((each) =>
        each
          .trim()
          .toLowerCase()
          .replace(/[\s-]+/g, '_'),
      ),
      class: table.class,
      mayTakeHighRisk: table.high_risk,
      argv: kind === 'command' ? commandOf(table, { folder, path, problems }) : [],
      completion: completionOf(table, kind),
      issueJson: table.issue_json ?? null,
      prompt: table.prompt ?? (PROMPTED.includes(kind) ? 'file' : null),
      health: checkHealth(table.health, [...path, 'health'], { folder, problems }),
      env: table.env,
      passEnv: table.pass_env,
      redact: table.redact,
      timeLimitSecs: timeLimitOf(table, kind, { path, problems }),
      stall: limits,
      account: table.account ?? table.id,
      rateLimitExit: table.rate_limit_exit,
      rateLimitPattern: patternOf(
        table.rate_limit_pattern,
        [...path, 'rate_limit_pattern'],
        problems,
      ),
    };
  });
}

const NEVER = { startup_grace_secs: 0, warn_secs: 0, notify_secs: 0, stop_secs: 0 };
/** Kinds that hand over the prompt themselves. */
const PROMPTED: readonly AgentKind[] = ['http', 'copilot-sdk'];
const TIME_LIMIT_SECS = 7200;
const LEAST_SECS = 0.1;

function timeLimitOf(
  { time_limit_secs: secs }: z.infer<typeof AgentTable>,
  kind: AgentKind,
  { path, problems }: { path: KeyPath; problems: Problem[] },
): number {
  if (secs === undefined) return kind === 'human' ? 0 : TIME_LIMIT_SECS;
  if (secs < LEAST_SECS && !(secs === 0 && kind === 'human'))
    problems.push({
      path: [...path, 'time_limit_secs'],
      message: `has to be at least ${LEAST_SECS}; only a human may have none (0)`,
    });
  return secs;
}

function toStallLimits(
  own: z.infer<typeof AgentTable>['stall'],
  all: DispatchFile['stall'],
): StallLimits {
  return {
    startupGraceSecs: own.startup_grace_secs ?? all.startup_grace_secs,
    warnSecs: own.warn_secs ?? all.warn_secs,
    notifySecs: own.notify_secs ?? all.notify_secs,
    stopSecs: own.stop_secs ?? all.stop_secs,
  };
}

/** Each stage comes after the one before it; one that is off comes nowhere. */
function checkOrder(
  { warnSecs, notifySecs, stopSecs }: StallLimits,
  path: KeyPath,
  problems: Problem[],
): void {
  const stages = [
    { key: 'warn_secs', secs: warnSecs },
    { key: 'notify_secs', secs: notifySecs },
    { key: 'stop_secs', secs: stopSecs },
  ].filter(({ secs }) => secs > 0);
  for (const [index, { key, secs }] of stages.entries()) {
    const before = stages[index - 1];
    if (before !== undefined && secs < before.secs)
      problems.push({
        path: [...path, key],
        message: `is ${secs}, less than ${before.key} (${before.secs}); 0 turns a stage off`,
      });
  }
}

function patternOf(text: string | undefined, path: KeyPath, problems: Problem[]): RegExp | null {
  if (text === undefined) return null;
  try {
    return new RegExp(text, 'iu');
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    problems.push({ path, message });
    return null;
  }
}

function commandOf(
  { command }: z.infer<typeof AgentTable>,
  { folder, path, problems }: { folder: string; path: KeyPath; problems: Problem[] },
): string[] {
  const at = [...path, 'command'];
  if (command === undefined) {
    problems.push({
      path: at,
      message: 'is missing: nothing says how this agent is started; kind names other ways',
    });
    return [];
  }
  try {
    const argv = toArgv(command, folder);
    const unknown = argv.map(unknownPlaceholder).find((name) => name !== null);
    if (unknown !== undefined) problems.push({ path: at, message: unknownMessage(unknown) });
    return argv;
  } catch (error) {
    if (!(error instanceof CommandProblem)) throw error;
    problems.push({ path: at, message: error.message });
    return [];
  }
}

function unknownMessage(name: string): string {
  const known = PLACEHOLDERS.map((each) => `{${each}}`).join(', ');
  return `{${name}} is no placeholder; there are ${known}, and {{${name}}} stands for {${name}} itself`;
}
