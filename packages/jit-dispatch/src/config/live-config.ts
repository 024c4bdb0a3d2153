import { readFileSync } from 'node:fs';
import { JitError } from '@jit/contract/errors';
import type { DispatchConfig } from './config.ts';
import { configChanges } from './config-changes.ts';
import { type ConfigSource, fromFile, readConfig } from './config-source.ts';
import type { LoadedConfig } from './load.ts';
import { riskFiles } from './load-risk-map.ts';
import { templateFiles } from './load-template.ts';
import { keepUntilRestart } from './restart-keys.ts';

/** Something to say about the configuration, once. */
export interface ConfigNews {
  readonly level: 'info' | 'warn' | 'error';
  /** A stable word: changed, recovered, needs_restart, unknown_key, or the code of the refusal. */
  readonly reason: string;
  readonly message: string;
}

/** The configuration of a process that follows its files. */
export interface LiveConfig {
  /** What is in effect: the last one that was good. It changes in `refresh` only. */
  current(): DispatchConfig;
  /** The text it was read from. */
  text(): string;
  /** Looks at the files and takes up what changed in them. Never throws for what is written there. */
  refresh(): Promise<readonly ConfigNews[]>;
  /** Whether the files are not what was last read. Cheap. */
  hasChanged(): boolean;
  /** Why the files are not in effect as they are, or null. */
  refusal(): string | null;
  /** The files it is read from. */
  sources(): readonly string[];
}

/** A configuration that stays as it was read. */
export function fixedConfig(config: DispatchConfig): LiveConfig {
  return {
    current: () => config,
    text: () => '',
    refresh: async () => [],
    hasChanged: () => false,
    refusal: () => null,
    sources: () => [],
  };
}

/** What the files hold: `=` and the text, or the code of why they can't be read. */
type Content = ReadonlyMap<string, string>;

/** Stands for the agents that a program registered: what they are is looked at like a file. */
const REGISTERED = 'registered agents';

/** An editor that empties a file and writes it anew is given this time, and again while it writes. */
const SETTLE_MS = 100;
const SETTLE_LOOKS = 10;

/**
 * A configuration that follows its files, by their content. What is broken changes nothing and is told
 * once; it is tried again at each refresh, for what it refers to may have been put right.
 */
export function liveConfig(
  start: LoadedConfig,
  source: ConfigSource = fromFile(start.config.file),
): LiveConfig {
  let inEffect = start;
  const own = source.given === null ? [start.config.file] : [];
  let seen: Content = new Map([...look(), ...own.map((file) => [file, `=${start.text}`] as const)]);
  let refused: string | null = null;
  let kept = '';
  let work: Promise<unknown> = Promise.resolve();

  function sources(): string[] {
    const { config } = inEffect;
    return [...own, ...templateFiles(config), ...riskFiles(config)];
  }

  function look(): Content {
    const files = sources().map((file) => [file, contentOf(file)] as const);
    return new Map([...files, [REGISTERED, `=${JSON.stringify(source.agents())}`]]);
  }

  async function refresh(): Promise<readonly ConfigNews[]> {
    const now = await settled(look, seen);
    if (now === null || (isSame(now, seen) && refused === null)) return [];
    const others = changedOthers(seen, now, start.config.file);
    seen = now;
    try {
      const edited = await load(source, now);
      return takeUp(edited, others);
    } catch (error) {
      if (!(error instanceof JitError)) throw error;
      if (error.message === refused) return [];
      refused = error.message;
      const message = `${error.message}; the configuration from before stays in effect`;
      return [{ level: 'error', reason: error.code, message }];
    }
  }

  function takeUp(edited: LoadedConfig, others: readonly string[]): ConfigNews[] {
    const before = inEffect;
    const { loaded, kept: keys } = keepUntilRestart(start, edited);
    inEffect = loaded;
    seen = new Map([...look()].map(([file, text]) => [file, seen.get(file) ?? text]));
    const news: ConfigNews[] = [];
    const changes = [...configChanges(before.written, loaded.written), ...others];
    const what =
      changes.length === 0 ? 'nothing else than before is in effect' : changes.join(', ');
    if (refused !== null)
      news.push({ level: 'info', reason: 'recovered', message: `it is good again: ${what}` });
    else if (changes.length > 0) news.push({ level: 'info', reason: 'changed', message: what });
    refused = null;
    if (kept !== keys.join() && keys.length > 0)
      news.push({
        level: 'warn',
        reason: 'needs_restart',
        message: `takes effect at the next start only: ${keys.join(', ')}`,
      });
    kept = keys.join();
    const said = new Set(before.warnings.map(withoutLine));
    for (const message of edited.warnings)
      if (!said.has(withoutLine(message)))
        news.push({ level: 'warn', reason: 'unknown_key', message });
    return news;
  }

  return {
    current: () => inEffect.config,
    text: () => inEffect.text,
    refresh() {
      const done = work.then(refresh);
      work = done.catch(() => {});
      return done;
    },
    hasChanged: () => !isSame(look(), seen),
    refusal: () => refused,
    sources,
  };
}

/** What the files hold once two looks agree; null while somebody writes. */
async function settled(look: () => Content, seen: Content): Promise<Content | null> {
  let before = look();
  for (let count = 0; count < SETTLE_LOOKS; count += 1) {
    if (isSame(before, seen)) return before;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const now = look();
    if (isSame(now, before)) return now;
    before = now;
  }
  return null;
}

function contentOf(file: string): string {
  try {
    return `=${readFileSync(file, 'utf8')}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unreadable';
  }
}

function load(source: ConfigSource, texts: Content): Promise<LoadedConfig> {
  const content = texts.get(source.file) ?? '';
  // What can't be read is told in the same words as at the start.
  return readConfig(source, content.startsWith('=') ? content.slice(1) : undefined);
}

function changedOthers(before: Content, now: Content, file: string): string[] {
  return [...now].flatMap(([path, text]) =>
    path === file || path === REGISTERED || text === before.get(path) ? [] : [`${path}: its text`],
  );
}

function isSame(a: Content, b: Content): boolean {
  return a.size === b.size && [...a].every(([file, text]) => b.get(file) === text);
}

/** Warnings name a line, which moves with every edit above it. */
function withoutLine(warning: string): string {
  return warning.replace(/:\d+: /, ': ');
}
