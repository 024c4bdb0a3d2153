import { ESCALATED_LABEL, HELD_LABEL } from '@jit/contract/vocabulary';
import type { TrackerCall } from './tracker.ts';

/** So many claims tell whose turn it is. */
const NEWEST_CLAIMS = 1000;

/** What is known of who is called. */
export interface Callee {
  /** It takes with a claim what people are told of it, as forges do; jit has no such options. */
  readonly tellsPeople?: boolean;
}

/** The arguments of a call. Ids never begin with a dash, so they can't be taken for options. */
export function callArgv(
  call: TrackerCall,
  actor: string,
  { tellsPeople = false }: Callee = {},
): string[] {
  const asActor = ['--actor', actor];
  switch (call.do) {
    case 'assigned':
      return ['query', 'assignee', call.agent];
    case 'show':
      return ['issue', 'show', call.issue];
    case 'claim': {
      const lease = [...ttlOf(call.ttlSecs), '--claim', call.token];
      const limit = ['--max-held', String(call.maxHeld)];
      const kind = tellsPeople && call.taskType ? ['--task-type', call.taskType] : [];
      const title = tellsPeople && call.agentTitle ? ['--agent-title', call.agentTitle] : [];
      const told = [...kind, ...title];
      return ['issue', 'claim', call.issue, call.agent, ...lease, ...limit, ...told, ...asActor];
    }
    case 'heartbeat':
      return ['issue', 'heartbeat', call.issue, '--claim', call.token, ...ttlOf(call.ttlSecs)];
    case 'finish':
      return ['issue', 'update', call.issue, '--state', 'done', '--claim', call.token, ...asActor];
    case 'release': {
      const { issue, reason, token, failed, deferSecs } = call;
      const failure = failed === null ? [] : ['--failed', failed];
      const rest = deferSecs === null ? [] : ['--defer', String(deferSecs)];
      return ['issue', 'release', issue, reason, '--claim', token, ...failure, ...rest, ...asActor];
    }
    case 'defer':
      return ['issue', 'update', call.issue, '--defer-until', call.until, ...asActor];
    case 'releases':
      return ['events', 'query', '--issue', call.issue, '--type', 'claim_released'];
    case 'dependencies':
      return ['dep', 'list', call.issue];
    case 'additions':
      return eventsOf(call.issue, 'claimed,dependency_added');
    case 'gate_status':
      return ['gate', 'status', call.issue];
    case 'gate_log':
      return ['gate', 'log', call.issue, call.gate, '--run', call.gateRun];
    case 'history':
      return eventsOf(call.issue, 'claim_released,claim_expired,issue_updated');
    case 'comments':
      return eventsOf(call.issue, 'comment_added');
    case 'comment':
      return ['issue', 'comment', call.issue, '--text', call.text, ...asActor];
    case 'link':
      return ['issue', 'update', call.issue, '--link', `${call.name}=${call.url}`, ...asActor];
    case 'escalate': {
      const condition = `NOT label:${ESCALATED_LABEL} AND state:${call.state}`;
      const change = ['--only-if', condition, '--add-label', ESCALATED_LABEL];
      return ['issue', 'update', call.issue, ...change, ...metaOf(call.metadata), ...asActor];
    }
    case 'admit': {
      const labels = ['--remove-label', ESCALATED_LABEL, '--remove-label', HELD_LABEL];
      const rest = ['--defer-until', call.until ?? 'none'];
      const urgency = call.priority === undefined ? [] : ['--priority', call.priority];
      const change = [...labels, ...rest, ...urgency, ...metaOf(call.metadata)];
      return [
        'issue',
        'update',
        call.issue,
        '--only-if',
        'state:open,ready',
        ...change,
        ...['--actor', call.by ?? actor],
      ];
    }
    case 'hold': {
      const condition = `NOT label:${HELD_LABEL} AND state:unfinished`;
      const change = ['--only-if', condition, '--add-label', HELD_LABEL];
      return ['issue', 'update', call.issue, ...change, ...asActor];
    }
    case 'unhold':
      return ['issue', 'update', call.issue, '--remove-label', HELD_LABEL, ...asActor];
    case 'log':
      return ['events', 'query', '--issue', call.issue];
    case 'claims':
      return ['events', 'query', '--type', 'claimed', '--limit', String(NEWEST_CLAIMS)];
    case 'is_reserved': {
      // The label is not on, so taking it off changes nothing.
      const condition = `assignee:${call.agent} AND state:ready AND NOT label:${HELD_LABEL}`;
      const change = ['--only-if', condition, '--remove-label', HELD_LABEL];
      return ['issue', 'update', call.issue, ...change, ...asActor];
    }
    case 'reserve':
      return ['issue', 'assign', call.issue, call.agent, ...asActor];
    case 'explain':
      return ['issue', 'explain', call.issue];
  }
}

function metaOf(metadata: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(metadata).flatMap(([key, value]) => ['--meta', `${key}=${value}`]);
}

function ttlOf(secs: number | null = null): string[] {
  return secs === null ? [] : ['--ttl', String(secs)];
}

function eventsOf(issue: string, types: string): string[] {
  return ['events', 'query', '--issue', issue, '--type', types];
}
