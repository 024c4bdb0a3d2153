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
