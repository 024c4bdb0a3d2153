import { MAX_TTL_SECS } from './claims.ts';

/** The closed list of settings. Each has a reader: no key without one. */
export const SETTING_KEYS = ['user.name', 'lock.timeout_secs', 'claim.ttl_secs'] as const;
export type SettingKey = (typeof SETTING_KEYS)[number];

/** Where the value of a setting comes from, the first that has one counts. */
export type SettingSource = 'flag' | 'environment' | 'project' | 'user' | 'default';

/** What a setting is. */
export interface Setting {
  readonly key: SettingKey;
  readonly type: 'text' | 'number';
  readonly description: string;
  /** Its default in words, as `jit config list` shows it. */
  readonly fallback: string;
  /** Variables of the environment that give it, the first that is set counts. */
  readonly env: readonly string[];
  /** The flag that gives it for one call. */
  readonly flag: string;
  /** It says something of one person: in a project's file it would count for everybody. */
  readonly personal: boolean;
}

/** How long a write waits for the lock unless a setting says otherwise, in seconds. */
export const LOCK_TIMEOUT_SECS = 10;

export const SETTINGS: Readonly<Record<SettingKey, Setting>> = {
  'user.name': {
    key: 'user.name',
    type: 'text',
    description: 'who is acting, as events name it',
    fallback: 'the login name',
    env: ['JIT_ACTOR', 'JIT_AGENT_ID'],
    flag: '--actor',
    personal: true,
  },
  'lock.timeout_secs': {
    key: 'lock.timeout_secs',
    type: 'number',
    description: 'how many seconds a write waits for the lock',
    fallback: `${LOCK_TIMEOUT_SECS}`,
    env: ['JIT_LOCK_TIMEOUT'],
    flag: '--lock-timeout',
    personal: false,
  },
  'claim.ttl_secs': {
    key: 'claim.ttl_secs',
    type: 'number',
    description: 'the lease of a claim without --ttl, in seconds; --no-lease asks for none',
    fallback: 'no lease',
    env: ['JIT_CLAIM_TTL'],
    flag: '--ttl',
    personal: false,
  },
};

/** True if a setting is called so. */
export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

/** A value that fits its setting, or why it does not, in words that follow the key. */
export type CheckedValue = { readonly value: string | number } | { readonly problem: string };

/** Checks a value as it stands in a file. */
export function checkSetting(key: SettingKey, value: unknown): CheckedValue {
  if (SETTINGS[key].type === 'text') return checkName(value);
  if (typeof value !== 'number' || !Number.isFinite(value))
    return { problem: `is no number of seconds: ${JSON.stringify(value) ?? String(value)}` };
  if (key === 'lock.timeout_secs')
    return value >= 0 ? { value } : { problem: `is less than 0: ${value}` };
  if (value >= 1 && value <= MAX_TTL_SECS) return { value };
  return { problem: `is not between 1 and ${MAX_TTL_SECS} seconds: ${value}` };
}

/** Checks a value as it is typed, on the command line or in the environment. */
export function checkSettingText(key: SettingKey, text: string): CheckedValue {
  if (SETTINGS[key].type === 'text') return checkName(text);
  const isDecimal = /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text.trim());
  return checkSetting(key, isDecimal ? Number(text) : text);
}

function checkName(value: unknown): CheckedValue {
  if (typeof value !== 'string') return { problem: `is no text: ${JSON.stringify(value)}` };
  const name = value.trim();
  if (name === '') return { problem: 'is empty' };
  if (/[\r\n]/.test(name)) return { problem: 'has more than one line' };
  if (/^(null|undefined|none|nan)$/i.test(name))
    return { problem: `is "${name}", which is nobody: it is what a failed lookup prints` };
  return { value: name };
}

/** The known key nearest to one that is not known, or null where none is near. */
export function nearestKey(key: string, known: readonly string[] = SETTING_KEYS): string | null {
  const scored = known.map((name) => ({ name, steps: distance(key.toLowerCase(), name) }));
  const [best] = scored.sort((a, b) => a.steps - b.steps);
  return best !== undefined && best.steps <= Math.ceil(best.name.length / 3) ? best.name : null;
}

/** How many letters must be added, removed or replaced to make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...a].entries()) {
    const next = [at + 1];
    for (let to = 1; to <= b.length; to += 1) {
      const replace = (row[to - 1] ?? 0) + (b[to - 1] === letter ? 0 : 1);
      next.push(Math.min(replace, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
