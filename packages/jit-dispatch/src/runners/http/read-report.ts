import { done, failed, going, type Sight, takenBack } from '../kind.ts';

const DONE = ['done', 'completed', 'complete', 'succeeded', 'success', 'finished'];
const FAILED = ['failed', 'failure', 'error', 'errored', 'timed_out'];
const CANCELED = ['canceled', 'cancelled'];
const LONGEST = 1_000;

/** What an agent says about its work: `{"status": "done", "detail": "…"}`. All other words mean that it goes on. */
export function readReport(report: unknown): Sight {
  if (typeof report !== 'object' || report === null) return going();
  const { status, state, updated_at } = report as Record<string, unknown>;
  const word = typeof status === 'string' ? status : state;
  const is = typeof word === 'string' ? meaningOf(word.toLowerCase()) : null;
  const detail = detailOf(report as Record<string, unknown>);
  switch (is) {
    case 'done':
      return done(detail ?? 'the agent says that it is done');
    case 'failed':
      return failed('agent', 'agent_failed', detail ?? 'the agent says that it failed');
    case 'taken_back':
      return takenBack(detail ?? 'the agent says that its work was canceled');
    case null:
      return going(JSON.stringify([word ?? null, updated_at ?? null, detail]));
  }
}

/** Whether a report says in so many words that the work has ended: done, failed or canceled. */
export function isOver(report: unknown): boolean {
  if (typeof report !== 'object' || report === null) return false;
  const { status, state } = report as Record<string, unknown>;
  return ['done', 'failed', ...CANCELED].includes(String(status ?? state).toLowerCase());
}

function meaningOf(word: string): 'done' | 'failed' | 'taken_back' | null {
  if (DONE.includes(word)) return 'done';
  if (FAILED.includes(word)) return 'failed';
  return CANCELED.includes(word) ? 'taken_back' : null;
}

/** Why an answer with a good code is a refusal all the same; null where it is none. */
export function refusalIn(report: unknown): string | null {
  if (typeof report !== 'object' || report === null) return null;
  const { error, success, ok } = report as Record<string, unknown>;
  const isError = error !== undefined && error !== null && error !== false && error !== '';
  if (!isError && success !== false && ok !== false) return null;
  return detailOf(report as Record<string, unknown>) ?? 'it says no more';
}

function detailOf(report: Readonly<Record<string, unknown>>): string | null {
  for (const key of ['detail', 'message', 'error']) {
    const value = report[key];
    const inner =
      typeof value === 'object' && value !== null ? (value as { message?: unknown }) : null;
    const text = inner === null ? value : inner.message;
    if (typeof text === 'string' && text !== '') return text.slice(0, LONGEST);
  }
  return null;
}
