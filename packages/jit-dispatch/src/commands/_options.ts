/** The option that narrows a command to one of several repositories. */
export const repositoryOption = {
  repository: {
    type: 'string',
    placeholder: 'NAME',
    describe: 'only this one of several repositories',
  },
} as const;

/** The option of commands that take the lock of a dispatcher's folder. */
export const lockTimeout = {
  'lock-timeout': {
    type: 'number',
    min: 0,
    default: 10,
    placeholder: 'SECS',
    describe: 'give up waiting for another `once` of this name after SECS seconds',
  },
} as const;

/** Options of commands that give an order. */
export const orderOptions = {
  reason: { type: 'string', placeholder: 'TEXT', describe: 'why, for whoever looks later' },
  wait: {
    type: 'number',
    min: 0,
    default: 30,
    placeholder: 'SECS',
    describe: 'wait so long for it to be carried out; 0: not at all',
  },
  ...lockTimeout,
} as const;

/** The options that say what is paused. */
export const scopeOptions = {
  agent: { type: 'string', placeholder: 'ID', describe: 'this agent only' },
  repository: { ...repositoryOption.repository, describe: 'this repository only' },
} as const;
