import { JitError } from '@jit/contract/errors';
import { createEngine } from './engine.ts';
import type { PullContext } from './pull-templates.ts';

/** As long as forges allow, with room for what they put in front. */
const LONGEST_TITLE = 240;
const LONGEST_BODY = 60_000;

/** The words of a pull request. */
export interface PullText {
  readonly title: string;
  readonly body: string;
}

/**
 * Makes title and body of a pull request. The body ends with a mark of its run, which people don't see.
 * @throws JitError `CONTEXT_BUILD_FAILED` when a template fails for this issue
 */
export function renderPull(templates: PullText, context: PullContext): PullText {
  const line = render('title', templates.title, context)
    // Whatever it was: one line, without what steers terminals.
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  const text = render('body', templates.body, context).replaceAll('\0', '').trim();
  const title = cut(line, LONGEST_TITLE) || `Issue ${context.issue.id}`;
  return {
    title,
    body: `${cut(text, LONGEST_BODY)}\n\n<!-- jit-dispatch: run ${context.run.id} -->\n`,
  };
}

function render(name: string, template: string, context: PullContext): string {
  const engine = createEngine();
  try {
    return String(engine.parseAndRenderSync(template, context));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new JitError(
      'external',
      'CONTEXT_BUILD_FAILED',
      `the ${name} of the pull request can't be made: ${message.slice(0, 500)}`,
      { hint: `correct pull_request.${name}`, cause: error },
    );
  }
}

function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
