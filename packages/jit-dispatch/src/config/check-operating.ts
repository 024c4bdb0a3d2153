import { resolve } from 'node:path';
import type { z } from 'zod';
import { forgeOf } from './check-forges.ts';
import type { KeyPath } from './locate-key.ts';
import { NOTIFY_EVENTS } from './notify-events.ts';
import type { HealthCheck, OperatingConfig } from './operating.ts';
import type { Problem } from './problem.ts';
import { hasNul, programOf } from './program-of.ts';
import type { DispatchFile } from './schema.ts';
import type { HealthTable } from './schema-operating.ts';

interface Place {
  readonly folder: string;
  readonly problems: Problem[];
}

/** Turns the tables about how a dispatcher is run into its configuration. */
export function checkOperating(written: DispatchFile, place: Place): OperatingConfig {
  const { order, admission, workspace, prompt, http } = written;
  const { folder } = place;
  const hook = (name: 'create' | 'before' | 'after' | 'remove') =>
    programOf(workspace.hooks[name], ['workspace', 'hooks', name], place);
  checkBranch(workspace.branch, place);
  return {
    order: {
      ageStepHours: order.age_step_hours,
      ageMaxSteps: order.age_max_steps,
      stealAfterSecs: order.steal_after_secs,
    },
    limits: written.limits.map(({ label = null, state = null, max }, index) => {
      refuseUnlessOne({ label, state }, ['limits', index], place);
      return { label, state, max };
    }),
    admission: {
      minFreeDiskMb: admission.min_free_disk_mb,
      minFreeDiskPercent: admission.min_free_disk_percent,
      maxLoadPerCpu: admission.max_load_per_cpu,
    },
    workspace: {
      kind: workspace.kind,
      root: workspace.root === undefined ? null : resolve(folder, workspace.root),
      branch: workspace.branch,
      base: workspace.base,
      keepFailedHours: workspace.keep_failed_hours,
      keepRejectedHours: workspace.keep_rejected_hours,
      hooks: {
        create: hook('create'),
        before: hook('before'),
        after: hook('after'),
        remove: hook('remove'),
        timeoutSecs: workspace.hooks.timeout_secs,
      },
    },
    prompt: {
      template: prompt.template === undefined ? null : resolve(folder, prompt.template),
      templateText: null,
      budgetTokens: prompt.budget_tokens,
    },
    notify: written.notify.map((target, index) => checkNotify(target, index, place)),
    http: http.port === undefined ? null : { host: http.host, port: http.port },
    repositories: checkRepositories(written, place),
  };
}

function checkNotify(
  target: DispatchFile['notify'][number],
  index: number,
  place: Place,
): OperatingConfig['notify'][number] {
  const path = ['notify', index];
  const { hook: command, url = null, token_env: tokenEnv = null } = target;
  refuseUnlessOne({ hook: command, url }, path, place);
  if (tokenEnv !== null && url === null)
    place.problems.push({ path: [...path, 'token_env'], message: 'is for a url only' });
  if (url !== null && (new URL(url).username !== '' || new URL(url).password !== ''))
    place.problems.push({
      path: [...path, 'url'],
      message: 'holds a password: name a variable in token_env instead',
    });
  return {
    hook: programOf(command, [...path, 'hook'], place),
    url,
    // What is no event was refused by checkNotifyEvents.
    events: NOTIFY_EVENTS.filter((event) => target.events.includes(event)),
    tokenEnv,
    timeoutSecs: target.timeout_secs,
    attempts: target.attempts,
  };
}

/** What git refuses in any name of a branch; the rest is asked of git itself. */
const NO_BRANCH = /[\s~^:?*[\\]|\.\.|@\{|\/\/|^[-/.]|\/\.|\.lock(\/|$)|[/.]$/;

function checkBranch(branch: string, { problems }: Place): void {
  const path = ['workspace', 'branch'];
  if (!branch.includes('{issue_id}'))
    problems.push({ path, message: 'has no {issue_id} in it: each issue has a branch of its own' });
  const rest = branch.replaceAll('{issue_id}', 'id');
  const unknown = /\{(\w*)\}/.exec(rest)?.[1];
  if (unknown !== undefined)
    problems.push({ path, message: `has {${unknown}} in it, and only {issue_id} is known here` });
  else if (NO_BRANCH.test(rest) || hasNul(rest))
    problems.push({ path, message: `${branch} can't be the name of a branch` });
}

function checkRepositories(written: DispatchFile, place: Place): OperatingConfig['repositories'] {
  const first = new Map<string, number>();
  return written.repositories.map((table, index) => {
    const { name, weight, command, dir = null } = table;
    const path = ['repositories', index];
    // Each has a folder of this name, and file systems fold case.
    const key = name.toLowerCase();
    const other = first.get(key);
    if (other === undefined) first.set(key, index);
    else
      place.problems.push({
        path: [...path, 'name'],
        message: `${name} is repositories[${other}] already`,
      });
    const { kind, repository } = table;
    refuseMixture(table, path, place);
    const forge = kind === 'jit' ? null : forgeOf(written, kind, { repository, path, ...place });
    return { name, weight, argv: programOf(command, [...path, 'command'], place), dir, forge };
  });
}

/** A repository is one of jit or one of a forge, and says where that is. */
function refuseMixture(
  { kind, repository, command, dir }: DispatchFile['repositories'][number],
  path: KeyPath,
  { problems }: Place,
): void {
  if (kind === 'jit' && dir === undefined && command === undefined)
    problems.push({ path, message: 'says neither dir nor command: nothing names it' });
  if (kind === 'jit' && repository !== undefined)
    problems.push({ path: [...path, 'repository'], message: 'is for a forge, and kind is "jit"' });
  if (kind !== 'jit' && (dir !== undefined || command !== undefined))
    problems.push({
      path,
      message: `has dir or command, which are for jit, and kind is "${kind}"`,
    });
}

/** The health check of an agent, or null if it has none. */
export function checkHealth(
  table: z.infer<typeof HealthTable> | undefined,
  path: KeyPath,
  place: Place,
): HealthCheck | null {
  if (table === undefined) return null;
  const { command, url = null } = table;
  refuseUnlessOne({ command, url }, path, place);
  return {
    argv: programOf(command, [...path, 'command'], place),
    url,
    intervalSecs: table.interval_secs,
    timeoutSecs: table.timeout_secs,
  };
}

function refuseUnlessOne(
  ways: Readonly<Record<string, unknown>>,
  path: KeyPath,
  { problems }: Place,
): void {
  const given = Object.values(ways).filter((value) => value !== undefined && value !== null);
  if (given.length === 1) return;
  const names = Object.keys(ways).join(' or ');
  const message = given.length === 0 ? `needs ${names}` : `has both, and needs ${names}`;
  problems.push({ path, message });
}
