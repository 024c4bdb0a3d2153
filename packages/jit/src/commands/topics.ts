import { EXIT_CODES } from '@jit/contract/errors';

/** Texts of `jit help TOPIC`. */
export const TOPICS = {
  'exit-codes': [
    '   0  ok',
    ...Object.entries(EXIT_CODES).map(([kind, code]) => `${String(code).padStart(4)}  ${kind}`),
  ].join('\n'),
  environment: [
    'JIT_DIR         where the tracker is: a .jit folder or its parent',
    'JIT_ACTOR       who is acting',
    'JIT_AGENT_ID    who is acting, where JIT_ACTOR is not set',
    'JIT_CLAIM       claim token; counts for the issue in JIT_ISSUE_ID only',
    'JIT_ISSUE_ID    the issue that JIT_CLAIM belongs to',
    'NO_COLOR        no colour; FORCE_COLOR: colour also where there is no terminal',
  ].join('\n'),
};
