import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { parse, TomlError } from 'smol-toml';
import { checkAgents } from './check-agents.ts';
import { checkChoosing } from './check-choosing.ts';
import { checkForges, checkForgeTracker } from './check-forges.ts';
import { checkNotifyEvents } from './check-notify-events.ts';
import { checkOperating } from './check-operating.ts';
import type { DispatchConfig } from './config.ts';
import { withForgeDefaults } from './forge-defaults.ts';
import { withRiskMap } from './load-risk-map.ts';
import { withTemplate } from './load-template.ts';
import { keyName, locateKey } from './locate-key.ts';
import { plainWords, toProblem } from './plain-words.ts';
import type { Problem } from './problem.ts';
import { programOf } from './program-of.ts';
import { DispatchFile } from './schema.ts';
import { findUnknownKeys } from './unknown-keys.ts';

/** Something about a line of a configuration. */
export interface Remark {
  readonly line: number | null;
  readonly key: string | null;
  readonly message: string;
}

/** A configuration, and what should be said about it. */
export interface LoadedConfig {
  readonly config: DispatchConfig;
  /** The same with the keys of the file, and its defaults. */
  readonly written: DispatchFile;
  readonly warnings: readonly string[];
  /** The same, each with its place. */
  readonly remarks: readonly Remark[];
  /** What was read. */
  readonly text: string;
}

/**
 * Reads `dispatch.toml`.
 * @throws JitError `CONFIG_NOT_FOUND` (exit 3), `CONFIG_INVALID` (exit 4) with file, line and key
 */
export async function loadConfig(path: string): Promise<LoadedConfig> {
  const file = resolve(path);
  return parseConfig(file, read(file));
}

/** The same with a text that was read already; without its template for those who make no prompt. */
export async function parseConfig(
  file: string,
  text: string,
  { isTemplateRead = true }: { readonly isTemplateRead?: boolean } = {},
): Promise<LoadedConfig> {
  const asWritten = parseToml(file, text);
  const { later, unknown: strange } = await findUnknownKeys(asWritten);
  const { document, remarks: forForges } = withForgeDefaults(asWritten);
  const unknown = [...strange, ...forForges];
  const problems: Problem[] = [...later];
  const checked = DispatchFile.safeParse(document, { error: plainWords });
  if (!checked.success) problems.push(...checked.error.issues.map(toProblem));
  if (checked.success) problems.push(...(await checkNotifyEvents(checked.data)));
  const bare = checked.success ? await toConfig(checked.data, file, problems) : null;
  const config = bare !== null && isTemplateRead ? await withFiles(bare, problems) : bare;
  const say = (problem: Problem): string => describe(file, text, problem);
  const place = ({ path: at, message }: Problem): Remark => ({
    line: locateKey(text, at),
    key: keyName(at),
    message,
  });
  const warnings = unknown.map(say);
  const remarks = unknown.map(place);
  if (checked.success && config !== null && problems.length === 0)
    return { config, written: checked.data, warnings, remarks, text };
  throw new JitError('invalid', 'CONFIG_INVALID', [...problems, ...unknown].map(say).join('\n'), {
    hint: 'correct the lines named above; nothing was started',
    details: {
      file,
      problems: problems.map(place),
      warnings: remarks,
    },
  });
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const facts = { details: { file }, cause: error };
    if (code === 'EISDIR')
      throw new JitError('invalid', 'CONFIG_INVALID', `${file} is a folder, no configuration`, {
        hint: 'name the file in it: --config PATH/dispatch.toml',
        ...facts,
      });
    const isAbsent = code === 'ENOENT' || code === 'ENOTDIR';
    throw new JitError(
      isAbsent ? 'not_found' : 'permission',
      isAbsent ? 'CONFIG_NOT_FOUND' : 'CONFIG_UNREADABLE',
      isAbsent ? `no configuration at ${file}` : `cannot read ${file}: ${message}`,
      {
        hint: 'name it with --config, or let `jit-dispatch init` write one',
        ...facts,
      },
    );
  }
}

function parseToml(file: string, text: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [summary = ''] = error.message.split('\n');
    const message = summary.replace('Invalid TOML document: ', '');
    throw new JitError(
      'invalid',
      'CONFIG_INVALID',
      `${file}:${error.line}: no valid TOML: ${message}`,
      {
        hint: `look at line ${error.line}, column ${error.column}`,
        details: { file, problems: [{ line: error.line, key: null, message }] },
        cause: error,
      },
    );
  }
}

/** The same with what is in the files it names. */
async function withFiles(config: DispatchConfig, problems: Problem[]): Promise<DispatchConfig> {
  return withTemplate(withRiskMap(config, problems), problems);
}

async function toConfig(
  written: DispatchFile,
  file: string,
  problems: Problem[],
): Promise<DispatchConfig> {
  const folder = dirname(file);
  return {
    file,
    folder,
    name: written.name ?? null,
    pollIntervalSecs: written.poll_interval_secs,
    maxConcurrent: written.max_concurrent,
    watch: written.watch,
    leaseSecs: written.lease_secs,
    stopGraceSecs: written.stop_grace_secs,
    drainSecs: written.drain_secs,
    historyDays: written.history_days,
    tracker: {
      argv: programOf(written.tracker.command, ['tracker', 'command'], { folder, problems }),
      dir: written.tracker.dir ?? null,
      timeoutSecs: written.tracker.timeout_secs,
      ...checkForgeTracker(written, { folder, problems }),
    },
    ...toPolicies(written),
    ...checkOperating(written, { folder, problems }),
    escalation: {
      hook: programOf(written.escalation.hook, ['escalation', 'hook'], { folder, problems }),
      hookTimeoutSecs: written.escalation.hook_timeout_secs,
      repeatSecs: written.escalation.repeat_secs,
      repeats: written.escalation.repeats,
    },
    choosing: await checkChoosing(written, { folder, problems }),
    forges: checkForges(written, { folder, problems }),
    agents: checkAgents(written.agents, { folder, stall: written.stall }, problems),
  };
}

function toPolicies({
  retry,
  breaker,
  rate_limit,
  qa,
}: DispatchFile): Pick<DispatchConfig, 'retry' | 'breaker' | 'rateLimit' | 'qa'> {
  return {
    retry: {
      attemptsPerAgent: retry.attempts_per_agent,
      lifetime: retry.lifetime,
      firstSecs: retry.first_secs,
      maxSecs: retry.max_secs,
    },
    breaker: {
      failures: breaker.failures,
      windowSecs: breaker.window_secs,
      pauseSecs: breaker.pause_secs,
      maxPauseSecs: breaker.max_pause_secs,
      resetSecs: breaker.reset_secs,
    },
    rateLimit: { pauseSecs: rate_limit.pause_secs, maxWaits: rate_limit.max_waits },
    qa: {
      gates: qa.gates,
      timeoutSecs: qa.timeout_secs,
      attemptsPerAgent: qa.attempts_per_agent,
    },
  };
}

function describe(file: string, text: string, { path, message }: Problem): string {
  const line = locateKey(text, path);
  const place = line === null ? file : `${file}:${line}`;
  return path.length === 0 ? `${place}: ${message}` : `${place}: ${keyName(path)}: ${message}`;
}
