import type { PromptComment, PromptContext } from './facts.ts';

/** Which end of a text is kept where it is cut. */
export type Keep = 'head' | 'tail' | 'ends';

/** A part of the context that may be cut. */
export interface Section {
  /** As it is called in what is said about it. */
  readonly name: string;
  readonly keep: Keep;
  /** How the reader finds what is left out; else it is only counted. */
  readonly sources?: (context: PromptContext) => readonly string[];
  readonly texts: (context: PromptContext) => readonly string[];
  /** The same context with other texts, in their order. */
  readonly replace: (context: PromptContext, texts: readonly string[]) => PromptContext;
  readonly drop: (context: PromptContext) => PromptContext;
}

/**
 * What is cut, in this order, until the prompt fits. Title, criteria and the words of the template
 * are in none of them.
 */
export const SECTIONS: readonly Section[] = [
  {
    name: 'documents',
    keep: 'head',
    sources: ({ documents }) => documents.map(({ path }) => path),
    texts: ({ documents }) => documents.map(({ text, problem }) => text ?? problem ?? ''),
    replace: (context, texts) => ({
      ...context,
      documents: context.documents.map((each, index) =>
        each.text === null ? each : { ...each, text: texts[index] ?? '' },
      ),
    }),
    drop: (context) => ({ ...context, documents: [] }),
  },
  {
    name: 'results of what it waited for',
    keep: 'head',
    sources: ({ dependencies }) => dependencies.map(({ id }) => id),
    texts: ({ dependencies }) =>
      dependencies.flatMap(({ comments }) => comments.map(({ text }) => text)),
    replace(context, texts) {
      const rest = [...texts];
      const dependencies = context.dependencies.map((each) => ({
        ...each,
        comments: withTexts(each.comments, rest.splice(0, each.comments.length)),
      }));
      return { ...context, dependencies, children: dependencies.filter((each) => each.is_part) };
    },
    drop: (context) => ({ ...context, dependencies: [], children: [] }),
  },
  {
    name: 'failed gates',
    keep: 'tail',
    texts: ({ failed_gates }) => failed_gates.map(({ output }) => output),
    replace: (context, texts) => ({
      ...context,
      failed_gates: context.failed_gates.map((each, index) => {
        return { ...each, output: texts[index] ?? '' };
      }),
    }),
    drop: (context) => ({ ...context, failed_gates: [] }),
  },
  {
    name: 'earlier failures',
    keep: 'head',
    texts: ({ earlier_failures }) => earlier_failures.map(({ reason }) => reason),
    replace: (context, texts) => ({
      ...context,
      earlier_failures: context.earlier_failures.map((each, index) => {
        return { ...each, reason: texts[index] ?? '' };
      }),
    }),
    drop: (context) => ({ ...context, earlier_failures: [] }),
  },
  {
    name: 'comments',
    keep: 'head',
    texts: ({ issue }) => issue.comments.map(({ text }) => text),
    replace: (context, texts) => ({
      ...context,
      issue: { ...context.issue, comments: withTexts(context.issue.comments, texts) },
    }),
    drop: (context) => ({ ...context, issue: { ...context.issue, comments: [] } }),
  },
  {
    name: 'description',
    keep: 'ends',
    texts: ({ issue }) => [issue.description],
    replace: (context, [description = '']) => ({
      ...context,
      issue: { ...context.issue, description },
    }),
    drop: (context) => ({ ...context, issue: { ...context.issue, description: '' } }),
  },
];

function withTexts(
  comments: readonly PromptComment[],
  texts: readonly string[],
): readonly PromptComment[] {
  return comments.map((each, index) => ({ ...each, text: texts[index] ?? '' }));
}
