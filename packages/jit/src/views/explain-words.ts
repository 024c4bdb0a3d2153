import type { ReasonOutput } from '@jit/contract/outputs/explanation';
import { pathInWords } from '../domain/graph.ts';
import { shellWord } from '../domain/shell-word.ts';

/** What holds an issue, as a sentence without its subject's title, and what would move it. */
export interface InWords {
  readonly words: string;
  readonly next: string;
}

/**
 * Says a reason in words.
 * @param id the issue that it holds
 * @param via the issue that waits for it; null where there is none
 */
export function reasonInWords(id: string, reason: ReasonOutput, via: string | null): InWords {
  switch (reason.type) {
    case 'dependency':
      return {
        words: `${id} waits for ${reason.issue} (${reason.state})`,
        next: `jit issue explain ${shellWord(reason.issue)}`,
      };
    case 'gate':
      return gateInWords(id, reason);
    case 'deferred':
      return {
        words: `${id} is deferred until ${reason.until}`,
        next: `wait until ${reason.until}, or: jit issue update ${id} --defer-until none`,
      };
    case 'claimed':
      return claimInWords(id, reason);
    case 'unclaimed':
      return reason.reserved_for === null
        ? { words: `${id} is ready, nobody has claimed it`, next: `jit issue claim ${id} ASSIGNEE` }
        : {
            words: `${id} is ready and reserved for ${reason.reserved_for}; only they may claim it`,
            next: `jit issue claim ${id} ${shellWord(reason.reserved_for)}`,
          };
    case 'abandoned':
      return {
        words: `${id} is in progress, but nobody holds a claim`,
        next: `jit issue release ${id} puts it back for others`,
      };
    case 'finished':
      return finishInWords(id, reason);
    case 'missing':
      return {
        words: `${id} does not exist`,
        next:
          via === null
            ? 'bring its file back'
            : `bring its file back, or end the dependency: jit dep rm ${via} ${shellWord(id)}`,
      };
    case 'unreadable':
      return {
        words: `${id} can't be read: ${reason.problem}`,
        next: `mend ${reason.file}; jit validate says whether it is right`,
      };
    case 'cycle':
      return {
        words: `these wait for each other in a circle: ${pathInWords(reason.path)}`,
        next: `end one of these dependencies: jit dep rm ${reason.path[0]} ${reason.path[1]}`,
      };
  }
}

type ReasonOf<T extends ReasonOutput['type']> = Extract<ReasonOutput, { type: T }>;

function gateInWords(id: string, { gate, stage, mode, status }: ReasonOf<'gate'>): InWords {
  const kind = stage === null ? 'gate' : stage === 'done' ? 'exit gate' : 'entry gate';
  const words = `${kind} ${gate} of ${id} is ${status}`;
  if (stage === null) {
    return { words: `${words} and has no definition`, next: `jit gate define ${shellWord(gate)}` };
  }
  const verb = mode === 'auto' ? 'run' : 'pass';
  return { words, next: `jit gate ${verb} ${id} ${gate}` };
}

function claimInWords(id: string, { assignee, since, expires_at }: ReasonOf<'claimed'>): InWords {
  const lease = expires_at === null ? 'without a lease' : `lease until ${expires_at}`;
  const free = expires_at === null ? '' : `; without a heartbeat it is free at ${expires_at}`;
  return {
    words: `${assignee} holds ${id} since ${since}, ${lease}`,
    next: `${assignee} finishes it (jit issue update ${id} --state done) or gives it back (jit issue release ${id})${free}`,
  };
}

function finishInWords(id: string, { at, by, reason }: ReasonOf<'finished'>): InWords {
  const when = at === null ? '' : ` at ${at}`;
  const who = by === null ? '' : ` by ${by}`;
  const why = reason === null ? '' : `: ${reason}`;
  return { words: `${id} was finished${when}${who}${why}`, next: `jit issue reopen ${id}` };
}
