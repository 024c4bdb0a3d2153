/** Where a graph begins. */
export const belowArgument = {
  name: 'id',
  describe: 'an issue; without it everything unfinished',
} as const;

/** Whether finished issues are part of the graph. */
export const allOption = {
  all: { type: 'boolean', describe: 'finished issues too' },
} as const;
