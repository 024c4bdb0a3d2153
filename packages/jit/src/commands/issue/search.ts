import { usageError } from '@jit/contract/errors';
import { SHOWN_STATES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { filterOptions, narrow, readNarrowing } from '../../cli/filter.ts';
import {
  LIST_OUTPUT,
  readShape,
  renderList,
  shapeIssues,
  shapeOptions,
  stateOption,
} from '../../cli/list-issues.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { shownState } from '../../domain/readiness.ts';
import { parseSearch } from '../../domain/search.ts';
import { searchIssues } from '../../views/search.ts';

export const search = defineCommand({
  path: 'issue search',
  summary: 'the issues that hold all these words, best first',
  description:
    'Looks in id, title, labels, description, acceptance criteria and comments, finished issues included, without case and accents. Words between double quotes are a phrase; of the last word the beginning is enough. A find in the id counts most, then title, labels, text and comments.',
  examples: [
    { argv: 'issue search parser pani', does: 'issues with parser and panic, panics, …' },
    { argv: `issue search '"end of file"' --state ready,open`, does: 'a phrase, in open issues' },
  ],
  positionals: [{ name: 'text', required: true, variadic: true, describe: 'what to look for' }],
  options: {
    ...stateOption,
    ...filterOptions,
    ...shapeOptions,
  },
  output: LIST_OUTPUT,
  exits: ['2 the text has no word in it'],
  async run(context, args) {
    const words = parseSearch(args.text.join(' '));
    if (words.length === 0) {
      throw usageError('there is no word to look for', { hint: 'Give letters or digits.' });
    }
    const states = args.state.length === 0 ? SHOWN_STATES : args.state;
    const [narrowing, shape] = [await readNarrowing(args, states), await readShape(args)];
    return readTracker(context, (tx) => {
      const found = searchIssues(tx, words).filter(
        (issue) => args.state.length === 0 || args.state.includes(shownState(issue, tx)),
      );
      return shapeIssues(tx, narrow(context, tx, found, narrowing), shape);
    });
  },
  render: renderList,
});
