import { EXIT_CODE_TOPIC } from '@jit/cli-kit/exit-code-topic';
import { filterTopic } from './_filter-topic.ts';

/** Texts of `jit help TOPIC`. */
export const TOPICS = {
  'exit-codes': EXIT_CODE_TOPIC,
  environment: [
    'JIT_DIR           where the tracker is: a .jit folder or its parent',
    'JIT_ACTOR         who is acting',
    'JIT_AGENT_ID      who is acting, where JIT_ACTOR is not set',
    'JIT_CLAIM         claim token; counts for the issue in JIT_ISSUE_ID only',
    'JIT_ISSUE_ID      the issue that JIT_CLAIM belongs to',
    'JIT_CLAIM_TTL     the lease of a claim without --ttl, in seconds',
    'JIT_LOCK_TIMEOUT  how many seconds a write waits for the lock',
    'XDG_CONFIG_HOME   where jit/config.toml of the user is; else ~/.config',
    'XDG_STATE_HOME    where jit/ with the trust in checkers is; else ~/.local/state',
    'NO_COLOR          no colour; FORCE_COLOR: colour also without a terminal',
  ].join('\n'),
  get filter() {
    return filterTopic();
  },
};
