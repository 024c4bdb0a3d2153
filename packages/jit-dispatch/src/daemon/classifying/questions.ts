import type { ClassifierProgram } from '../../config/choosing.ts';
import type { ClassQuestion } from '../../runners/ask-class.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { beginQuestion } from './begin-question.ts';
import { keepAnswer } from './keep-answer.ts';
import type { Kept } from './read-classes.ts';

/** The questions of a process about classes of issues, over all of its repositories. */
export interface Questions {
  /** Whether a cycle waits for the answers. */
  readonly areAwaited: boolean;
  /**
   * Asks about issues, the first ones first, in place of those of the same repository that still wait for
   * their turn. Each answer goes into the ledger as soon as it is there.
   * @returns when all of them are answered, or will never be; never rejects
   */
  ask(dispatcher: Dispatcher, program: ClassifierProgram, wanted: readonly Kept[]): Promise<void>;
  /** Stops what is asked; nothing of it is kept. */
  close(): Promise<void>;
}

interface Turn {
  readonly dispatcher: Dispatcher;
  readonly program: ClassifierProgram;
  readonly kept: Kept;
  readonly end: () => void;
}

/** So many programs run at a time. */
const AT_ONCE = 4;
/** So many questions of a repository are under way or wait for their turn. */
const MOST = 32;
/** Answers that come close together wake the loop once. */
const SOON_MS = 200;

/**
 * Opens what asks a program about issues, for one of two ways to use it.
 * @param onAnswer null: cycles wait for the answers. Else they never do, and it is told soon after some came.
 */
export function openQuestions(onAnswer: (() => void) | null): Questions {
  const waiting = new Map<Dispatcher, Turn[]>();
  const open = new Map<ClassQuestion, Turn>();
  let isOpen = true;
  let cancelWake: (() => void) | null = null;

  const wake = ({ timers }: Dispatcher): void => {
    if (onAnswer === null || !isOpen) return;
    cancelWake ??= timers.after(SOON_MS, () => {
      cancelWake = null;
      onAnswer();
    });
  };
  const begin = (turn: Turn): void => {
    const { dispatcher, program, kept } = turn;
    const question = beginQuestion(dispatcher, program, kept.issue.whole);
    open.set(question, turn);
    void question.answer.then((answer) => {
      open.delete(question);
      // What could not be kept is asked again by a later cycle, which must not come at once.
      if (isOpen && keepAnswer(dispatcher, kept, answer)) wake(dispatcher);
      turn.end();
      goOn();
    });
  };
  const goOn = (): void => {
    while (open.size < AT_ONCE) {
      const turn = nextTurn(waiting, [...open.values()]);
      if (turn === undefined) return;
      begin(turn);
    }
  };
  const drop = (dispatcher: Dispatcher): void => {
    for (const { end } of waiting.get(dispatcher) ?? []) end();
    waiting.delete(dispatcher);
  };

  return {
    areAwaited: onAnswer === null,
    async ask(dispatcher, program, wanted) {
      if (!isOpen) return;
      drop(dispatcher);
      const asked = [...open.values()].filter((turn) => turn.dispatcher === dispatcher);
      const under = new Set(asked.map(({ kept }) => kept.content));
      const fresh = wanted.filter(({ content }) => !under.has(content));
      const ends = fresh.slice(0, Math.max(0, MOST - asked.length)).map(
        (kept) =>
          new Promise<void>((end) => {
            const turns = waiting.get(dispatcher) ?? [];
            waiting.set(dispatcher, [...turns, { dispatcher, program, kept, end }]);
          }),
      );
      goOn();
      await Promise.all(ends);
    },
    async close() {
      isOpen = false;
      cancelWake?.();
      for (const dispatcher of [...waiting.keys()]) drop(dispatcher);
      for (const question of open.keys()) question.cancel();
      await Promise.all([...open.keys()].map(({ answer }) => answer));
    },
  };
}

/** The next turn of the repository that has the fewest questions open: a long list keeps no other waiting. */
function nextTurn(waiting: Map<Dispatcher, Turn[]>, open: readonly Turn[]): Turn | undefined {
  const openOf = (its: Dispatcher): number =>
    open.filter(({ dispatcher }) => dispatcher === its).length;
  const [dispatcher] = [...waiting.keys()].sort((a, b) => openOf(a) - openOf(b));
  if (dispatcher === undefined) return undefined;
  const [first, ...rest] = waiting.get(dispatcher) ?? [];
  if (rest.length === 0) waiting.delete(dispatcher);
  else waiting.set(dispatcher, rest);
  return first;
}
