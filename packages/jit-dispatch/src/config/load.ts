import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { parse, stringify, TomlError } from 'smol-toml';
import { checkAgents } from './check-agents.ts';
import { checkChoosing } from './check-choosing.ts';
import { checkForges, checkForgeTracker } from './check-forges.ts';
import { checkNotifyEvents } from './check-notify-events.ts';
import { checkOperating } from './check-operating.ts';
import { checkPullRequest } from './check-pull-request.ts';
import { checkStrengths } from './check-strengths.ts';
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

/** What a configuration is read with, besides its text. */
export interface ConfigExtras {
  /** Without its template for those who make no prompt. */
  readonly isTemplateRead?: boolean;
  /** Further `[[agents]]` tables: agents that a program registered. */
  readonly agents?: readonly object[];
}

/**
 * Reads `dispatch.toml`.
 * @throws JitError `CONFIG_NOT_FOUND` (exit 3), `CONFIG_INVALID` (exit 4) with file, line and key
 */
export async function loadConfig(path: string, extras: ConfigExtras = {}): Promise<LoadedConfig> {
  const file = resolve(path);
  return parseConfig(file, read(file), extras);
}

/** The same with a text that was read already. */
export async function parseConfig(
  file: string,
  text: string,
  extras: ConfigExtras = {},
): Promise<LoadedConfig> {
  const document = parseToml(file, text);
  return checkDocument({ file, document, text, isGiven: false }, extras);
}

/**
 * The same with the keys that a program gave instead of a file.
 * @param file where it would lie: relative paths start in its folder
 * @throws JitError `CONFIG_INVALID` (exit 4) with the key
 */
export async function checkGiven(
  file: string,
  document: Readonly<Record<string, unknown>>,
  extras: ConfigExtras = {},
): Promise<LoadedConfig> {
  // As a file would say it: for those who look at a dispatcher from another process.
  const text = writtenAs(withAgents(document, extras));
  return checkDocument({ file, document, text, isGiven: true }, extras);
}

function writtenAs(document: object): string {
  try {
    return stringify(JSON.parse(JSON.stringify(document)));
  } catch {
    // What can't be written as TOML is refused in the words of the schema.
    return '';
  }
}

function withAgents(
  document: Readonly<Record<string, unknown>>,
  { agents = [] }: ConfigExtras,
): Readonly<Record<string, unknown>> {
  const { agents: written = [] } = document;
  if (agents.length === 0 || !Array.isArray(written)) return document;
  return { ...document, agents: [...written, ...agents] };
}

interface Source {
  readonly file: string;
  readonly document: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** A program gave it: no line of a file can be named. */
  readonly isGiven: boolean;
}

async function checkDocument(source: Source, extras: ConfigExtras): Promise<LoadedConfig> {
  const { file, text, isGiven } = source;
  const whole = withAgents(source.document, extras);
  const strange = await findUnknownKeys(whole);
  const { document, remarks: forForges } = withForgeDefaults(whole);
  const unknown = [...strange, ...forForges];
  const problems: Problem[] = [];
  const checked = DispatchFile.safeParse(document, { error: plainWords });
  if (!checked.success) problems.push(...checked.error.issues.map(toProblem));
  if (checked.success) problems.push(...(await checkNotifyEvents(checked.data)));
  const bare = checked.success ? await toConfig(checked.data, file, problems) : null;
  const { isTemplateRead = true } = extras;
  const config = bare !== null && isTemplateRead ? await withFiles(bare, problems) : bare;
  const lineOf = (at: Problem['path']): number | null => (isGiven ? null : locateKey(text, at));
  const say = ({ path, message }: Problem): string =>
    describe(isGiven ? 'the configuration' : file, lineOf(path), { path, message });
  const place = ({ path: at, message }: Problem): Remark => ({
    line: lineOf(at),
    key: keyName(at),
    message,
  });
  if (checked.success && config !== null && problems.length === 0) {
    const all = [...unknown, ...(await checkStrengths(config))];
    const [warnings, remarks] = [all.map(say), all.map(place)];
    return { config, written: checked.data, warnings, remarks, text };
  }
  throw new JitError('invalid', 'CONFIG_INVALID', [...problems, ...unknown].map(say).join('\n'), {
    hint: isGiven
      ? 'correct the keys named above; nothing was started'
      : 'correct the lines named above; nothing was started',
    details: {
      file,
      problems: problems.map(place),
      warnings: unknown.map(place),
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
  const forges = checkForges(written, { folder, problems });
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
    forges,
    pullRequest: await checkPullRequest(written, problems),
    agents: checkAgents(written.agents, { folder, stall: written.stall, forges }, problems),
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

function describe(where: string, line: number | null, { path, message }: Problem): string {
  const place = line === null ? where : `${where}:${line}`;
  return path.length === 0 ? `${place}: ${message}` : `${place}: ${keyName(path)}: ${message}`;
}
