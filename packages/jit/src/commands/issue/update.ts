import { usageError } from '@jit/contract/errors';
import type { BulkChangeOutput } from '@jit/contract/outputs/bulk';
import type { ClaimedIssueOutput, IssueChangeOutput } from '@jit/contract/outputs/issue';
import { PRIORITIES, SHOWN_STATES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { renderChange } from '../../cli/render-issue.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import { ownerOptions, writerOf } from '../../cli/writer.ts';
import { updateIssue } from '../../operations/update-issue.ts';
import type { WriteTx } from '../../store/store.ts';
import { toClaimedIssue, toIssueChange } from '../../views/issue.ts';
import { idArgument, leaseOf } from './_arguments.ts';
import { fieldOptions, fieldsOf } from './_fields.ts';
import { checkMove, type Moved, moveIssue } from './_move.ts';
import { onlyIfOption, readOnlyIf } from './_only-if.ts';
import { renderClaim } from './_render-claim.ts';
import { checkMany, exitOfMany, manyOptions, renderMany, updateMany } from './_update-many.ts';

export const update = defineCommand({
  path: 'issue update',
  summary: 'change fields or the state of an issue',
  description:
    'State in_progress is a claim by the actor, open and ready are a release, done reports the work as finished, rejected and archived are reject and archive. Fields and state change together or not at all; a move to gated counts as done, though it exits 4. --acceptance replaces the list, the other repeatable options add. With --filter instead of an id every issue that fits is changed in one write, what an issue waits for before it: all or nothing, unless --keep-going.',
  examples: [
    { argv: 'issue update 7kq2 --state done', does: 'finishes it, if its gates let it' },
    { argv: 'issue update 7kq2 -p critical --add-label urgent', does: 'changes fields' },
    {
      argv: 'issue update --filter "label:epic:auth AND state:unfinished" -p high --dry-run',
      does: 'shows what would change; without --dry-run it is changed, all or nothing',
    },
    { argv: 'issue update 7kq2 --description-file -', does: 'takes the text from stdin' },
    {
      argv: 'issue update 7kq2 --only-if "NOT label:taken" --add-label taken',
      does: 'is done by one of many who try it; the others get exit 6',
    },
  ],
  positionals: [{ ...idArgument, required: false }],
  options: {
    title: { type: 'string', alias: 't', describe: 'what is to be done, in one line' },
    ...fieldOptions,
    priority: { type: 'string', alias: 'p', choices: PRIORITIES, describe: 'how urgent it is' },
    'add-label': { type: 'list', describe: 'put this label on' },
    'remove-label': { type: 'list', describe: 'take this label off' },
    state: { type: 'string', alias: 's', choices: SHOWN_STATES, describe: 'the new state' },
    force: {
      type: 'boolean',
      describe: 'with --state done: pass over gates and blockers; needs --reason and is recorded',
    },
    ...ownerOptions,
    ...onlyIfOption,
    ...manyOptions,
  },
  output: 'IssueChange | ClaimedIssue | BulkChange',
  exits: [
    '2 nothing to change, or flags that contradict each other',
    '3 no such issue or gate',
    '4 blocked; GATES_OPEN: gated, not done; the state does not allow it',
    '6 CLAIM_HELD: somebody holds a lease on it; ALREADY_CLAIMED; CONDITION_NOT_MET by --only-if',
    '7 the token is not current',
    'BULK_REFUSED exits as the first refusal would by itself; --keep-going too, after the rest is done',
  ],
  async run(context, args): Promise<IssueChangeOutput | ClaimedIssueOutput | BulkChangeOutput> {
    checkMany(args);
    checkMove(args);
    const checkCondition = await readOnlyIf(args);
    const both = args.addLabel.find((label) => args.removeLabel.includes(label));
    if (both !== undefined) throw usageError(`label "${both}" is both added and removed`);
    const fields = {
      ...fieldsOf(args),
      title: args.title,
      priority: args.priority,
      addLabels: args.addLabel,
      removeLabels: args.removeLabel,
      gates: args.gate,
    };
    const hasFields = Object.values(fields).some(isGiven);
    const input = { ...fields, defineGates: args.define };
    if (!hasFields && args.state === undefined) {
      throw usageError('nothing to change is given', { hint: 'see jit issue update --help' });
    }
    const changeOne = (tx: WriteTx, id: string): Moved => {
      const writer = writerOf(context, tx, id, args);
      const setFields = () => hasFields && updateIssue(tx, id, writer, input).changed;
      if (args.state === undefined) return { changed: setFields(), token: null };
      // A claim comes first, because its token holds only from then on.
      const claimFirst = args.state === 'in_progress';
      const early = !claimFirst && setFields();
      const move = moveIssue(tx, id, writer, {
        ...args,
        state: args.state,
        actor: context.actor,
        ttlSecs: () => leaseOf(context, {}),
      });
      const late = claimFirst && setFields();
      return { ...move, changed: move.changed || early || late };
    };
    const { id: ref } = args;
    if (ref === undefined) return updateMany(context, args, changeOne);
    const outcome = writeTracker(context, (tx) => {
      const id = tx.resolve(ref);
      checkCondition(tx, id);
      const { changed, token, refusal } = changeOne(tx, id);
      const view =
        token === null
          ? toIssueChange(tx, id, changed)
          : toClaimedIssue(tx, { id, token, changed });
      return { view, refusal };
    });
    // Thrown here, because the move to gated stands.
    if (outcome.refusal !== undefined) throw outcome.refusal;
    return outcome.view;
  },
  exit: (data) => ('matched' in data ? exitOfMany(data) : null),
  render(issue, style) {
    if ('matched' in issue) return renderMany(issue, style);
    const { claim } = issue;
    const did = `${issue.short_id} updated`;
    return claim !== null && 'token' in claim
      ? renderClaim({ ...issue, claim }, style, `${issue.short_id} claimed by ${issue.assignee}`)
      : renderChange(issue, style, did);
  },
});

/** True for a value that asks for a change. */
function isGiven(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined;
}
