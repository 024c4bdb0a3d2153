import type { GateMode, GateStage } from '@jit/contract/vocabulary';
import type { Checker, Gate } from '../domain/gate.ts';
import { DEFAULT_CHECKER_TIMEOUT_SECS } from '../domain/gate.ts';
import { type Fields, isEmpty, takeFields } from './fields.ts';
import type { Report } from './report.ts';

/** Maps a gate definition. Its checker comes over as data; nothing is run or trusted here. */
export function mapGateDefinition(key: string, definition: Fields, report: Report): Gate {
  const take = takeFields(definition);
  take.any('key');
  const title = take.text('title');
  const description = take.text('description');
  const stage = readStage(key, take.text('stage'), report);
  const checker = readChecker(key, take.fields('checker'), report);
  const mode = readMode(key, take.text('mode'), take.any('auto'), checker, report);
  const rest = take.rest().filter(([name, value]) => !isEmpty(value) && !isDefault(name, value));
  for (const [name] of rest)
    report.mapped('field of a gate', name, `key just-in-time.${name} of the gate`, key);
  const more = [...rest, ...checkerExtras(key, definition, report)];
  if (mode === 'manual' && checker !== null) {
    more.push(['checker', checker]);
    report.mapped(
      'field of a gate',
      'checker of a manual gate',
      'key just-in-time.checker of the gate',
      key,
    );
  }
  return {
    key,
    title: title === '' ? key : title,
    description,
    stage,
    mode,
    checker: mode === 'auto' ? checker : null,
    extra: Object.fromEntries(more.map(([name, value]) => [`just-in-time.${name}`, value])),
  };
}

/** A definition for a key that issues carry but nothing defines: a person has to pass it. */
export function undefinedGate(key: string): Gate {
  return {
    key,
    title: key,
    description: 'Came in with an issue from just-in-time, where it had no definition.',
    stage: 'ready',
    mode: 'manual',
    checker: null,
    extra: {},
  };
}

const DEFAULTS: Readonly<Record<string, unknown>> = { version: 1, priority: 100 };
const CHECKER_FIELDS = new Set(['type', 'command', 'timeout_seconds', 'working_dir', 'env']);

function isDefault(name: string, value: unknown): boolean {
  return Object.hasOwn(DEFAULTS, name) && DEFAULTS[name] === value;
}

function readStage(key: string, stage: string, report: Report): GateStage {
  if (stage === 'precheck' || stage === 'postcheck') {
    const mapped = stage === 'precheck' ? 'ready' : 'done';
    report.mapped('gate stage', stage, mapped);
    return mapped;
  }
  const was = stage === '' ? 'missing, as at the seed' : `unknown (${stage})`;
  report.repaired('gate stage', `${was}: ready, it held back readiness there`, key);
  return 'ready';
}

function readChecker(key: string, checker: Fields, report: Report): Checker | null {
  const { command, timeout_seconds, working_dir, env } = checker;
  if (typeof command !== 'string' || command.trim() === '') return null;
  const given = typeof timeout_seconds === 'number' && timeout_seconds > 0;
  if (!given)
    report.repaired('gate checker', `without a time limit: ${DEFAULT_CHECKER_TIMEOUT_SECS} s`, key);
  return {
    command,
    timeout_secs: given ? timeout_seconds : DEFAULT_CHECKER_TIMEOUT_SECS,
    working_dir: typeof working_dir === 'string' ? working_dir : null,
    env: Object.fromEntries(
      Object.entries(typeof env === 'object' && env !== null ? env : {}).map(([name, value]) => [
        name,
        String(value),
      ]),
    ),
  };
}

function readMode(
  key: string,
  mode: string,
  auto: unknown,
  checker: Checker | null,
  report: Report,
): GateMode {
  const wanted = mode === '' ? auto === true : mode === 'auto';
  if (wanted && checker === null) {
    report.repaired('gate mode', 'auto without a command: manual, a person passes it', key);
    return 'manual';
  }
  if (wanted) report.mapped('gate checker', 'auto', 'auto, not trusted on this machine yet', key);
  return wanted ? 'auto' : 'manual';
}

function checkerExtras(key: string, definition: Fields, report: Report): [string, unknown][] {
  return Object.entries(takeFields(definition).fields('checker')).flatMap(([name, value]) => {
    if (CHECKER_FIELDS.has(name) || isEmpty(value) || value === false) return [];
    report.mapped('field of a checker', name, `key just-in-time.${name} of the gate`, key);
    return [[name, value] satisfies [string, unknown]];
  });
}
