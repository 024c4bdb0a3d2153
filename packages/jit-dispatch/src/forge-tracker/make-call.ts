import { randomBytes } from 'node:crypto';
import { usageError } from '@jit/contract/errors';
import { FAILURE_CLASSES, PRIORITIES, type Priority } from '@jit/contract/vocabulary';
import { claimIssue } from './calls/claim-issue.ts';
import { finishIssue, releaseIssue } from './calls/end-claim.ts';
import { explainIssue } from './calls/explain-issue.ts';
import { noGateRun, queryEvents, queryIssues } from './calls/query.ts';
import { renewClaim } from './calls/renew-claim.ts';
import {
  type FieldChange,
  prepareComment,
  prepareReserve,
  prepareUpdate,
  readMeta,
  readTime,
} from './calls/update-issue.ts';
import { type Desk, mustLook } from './desk.ts';
import { type Call, numberOf, optionOf } from './parse-call.ts';
import { LINK_PREFIX, stateOf, toIssue } from './reading/to-issue.ts';
import type { Slots } from './slots.ts';

/** What a call is made with. */
export interface Caller {
  readonly desk: Desk;
  readonly slots: Slots;
  /** Where no name is given. */
  readonly actor: string;
  /** The claim that an agent was given, and of which issue. */
  readonly claim: { readonly issue: string; readonly token: string } | null;
}

/** Checks a call and makes the change later; one that only reads has nothing left to do. */
export async function prepareCall(caller: Caller, call: Call): Promise<() => Promise<unknown>> {
  const { desk } = caller;
  const id = call.positionals[0] ?? '';
  switch (call.path) {
    case 'issue update': {
      if (call.options.has('state')) return () => move(caller, call, id);
      return (await prepareUpdate(desk, id, changeOf(caller, call, id))).do;
    }
    case 'issue comment':
      return (await prepareComment(desk, id, commentOf(caller, call, id))).do;
    case 'issue assign':
      return (await prepareReserve(desk, id, call.positionals[1] ?? '')).do;
    case 'issue unassign':
      return (await prepareReserve(desk, id, null)).do;
    default:
      return () => other(caller, call, id);
  }
}

async function other(caller: Caller, call: Call, id: string): Promise<unknown> {
  const { desk, slots } = caller;
  const by = actorOf(caller, call);
  switch (call.path) {
    case 'where':
      return whereIs(desk);
    case 'query ready':
    case 'query assignee':
    case 'query state':
      return queryIssues(desk, call);
    case 'events query':
      return queryEvents(desk, call);
    case 'issue show':
      return toIssue(await mustLook(desk, id), desk.rules(), desk.view.now());
    case 'issue explain':
      return explainIssue(desk, id);
    case 'issue claim':
      return claimIssue(desk, id, {
        agent: call.positionals[1] ?? '',
        token: optionOf(call, 'claim') ?? randomBytes(16).toString('hex'),
        ttlSecs: numberOf(call, 'ttl') ?? null,
        maxHeld: numberOf(call, 'max-held') ?? null,
        taskType: optionOf(call, 'task-type') ?? null,
        agentTitle: optionOf(call, 'agent-title') ?? null,
        by,
        slots,
      });
    case 'issue heartbeat': {
      const token = tokenOf(caller, call, id);
      if (token === null)
        throw usageError('a heartbeat needs the token of the claim', {
          hint: 'give --claim TOKEN',
        });
      const ttlSecs = numberOf(call, 'ttl') ?? null;
      return [await renewClaim(desk, id, { token, ttlSecs, by })];
    }
    case 'issue release':
      return release(caller, call, id);
    case 'issue reject':
      return finishIssue(desk, id, { how: 'rejected', ...endOf(caller, call, id) });
    case 'dep list':
      await mustLook(desk, id);
      return [];
    case 'gate status':
      await mustLook(desk, id);
      return { id, short_id: id, gates: [] };
    case 'gate run': {
      const [gate] = call.positionals.slice(1);
      if (gate !== undefined) throw noGateRun(id, gate);
      const state = stateOf(await mustLook(desk, id), desk.rules(), desk.view.now());
      return { id, short_id: id, state, changed: false, runs: [], gates: [] };
    }
    case 'gate log':
      throw noGateRun(id, call.positionals[1] ?? '');
    default:
      throw usageError(`${call.path} can't be called here`);
  }
}

const BESIDE = ['add-label', 'remove-label', 'defer-until', 'meta', 'priority', 'link', 'only-if'];

async function move(caller: Caller, call: Call, id: string): Promise<unknown> {
  const state = optionOf(call, 'state') ?? '';
  const beside = BESIDE.find((name) => call.options.has(name));
  if (beside !== undefined)
    throw usageError(`--state and --${beside} are two calls for issues of a forge`);
  switch (state) {
    case 'done':
    case 'rejected':
      return finishIssue(caller.desk, id, { how: state, ...endOf(caller, call, id) });
    case 'open':
    case 'ready':
      return release(caller, call, id);
    default:
      throw usageError(`--state ${state} can't be asked for here`, {
        hint: 'done, rejected, open, ready',
      });
  }
}

function release(caller: Caller, call: Call, id: string): Promise<unknown> {
  const word = optionOf(call, 'failed');
  const failed = FAILURE_CLASSES.find((each) => each === word);
  if (word !== undefined && failed === undefined)
    throw usageError(`--failed ${word} is no class`, { hint: FAILURE_CLASSES.join(', ') });
  const deferSecs = numberOf(call, 'defer') ?? null;
  return releaseIssue(caller.desk, id, {
    ...endOf(caller, call, id),
    failed: failed ?? null,
    deferSecs,
  });
}

function endOf(caller: Caller, call: Call, id: string) {
  const reason = optionOf(call, 'reason') ?? call.positionals[1] ?? null;
  return { token: tokenOf(caller, call, id), reason, by: actorOf(caller, call) };
}

/** What an update changes besides the state. */
export function changeOf(caller: Caller, call: Call, id: string): FieldChange {
  return {
    onlyIf: optionOf(call, 'only-if'),
    addLabels: call.options.get('add-label') ?? [],
    removeLabels: call.options.get('remove-label') ?? [],
    deferUntil: readTime(optionOf(call, 'defer-until')),
    // A forge keeps no links of ours: they stand with the metadata, under a name of their own.
    meta: readMeta([
      ...(call.options.get('meta') ?? []),
      ...(call.options.get('link') ?? []).map((link) => `${LINK_PREFIX}${link}`),
    ]),
    priority: priorityIn(call),
    token: tokenOf(caller, call, id),
    by: actorOf(caller, call),
  };
}

function priorityIn(call: Call): Priority | undefined {
  const word = optionOf(call, 'priority');
  const priority = PRIORITIES.find((each) => each === word);
  if (word !== undefined && priority === undefined)
    throw usageError(`--priority ${word} is none`, { hint: PRIORITIES.join(', ') });
  return priority;
}

/** What a comment says, and who says it. */
export function commentOf(caller: Caller, call: Call, id: string) {
  const text = optionOf(call, 'text') ?? call.positionals[1] ?? '';
  return { text, token: tokenOf(caller, call, id), by: actorOf(caller, call) };
}

function tokenOf({ claim }: Caller, call: Call, id: string): string | null {
  return optionOf(call, 'claim') ?? (claim?.issue === id ? claim.token : null);
}

function actorOf({ actor }: Caller, call: Call): string {
  return optionOf(call, 'actor') ?? actor;
}

function whereIs({ forge }: Desk): unknown {
  const reason = `the issues of ${forge.name}`;
  return { dir: forge.name, source: '--dir', reason, looked_in: [], worktree: null };
}
