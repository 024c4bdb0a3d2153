import type { Style } from '@jit/cli-kit/style';
import type { GraphNodeOutput } from '@jit/contract/outputs/graph';
import { stateInWords } from '../../cli/render-issue.ts';
import { pathInWords } from '../../domain/graph.ts';
import { onOneLine } from '../../domain/plain-text.ts';

/** An issue on one line: id, state, who has it, title. */
export function nodeInWords(node: GraphNodeOutput, style: Style): string {
  const { short_id, title, assignee } = node;
  const words = [short_id, anyState(node.state, style)];
  if (assignee !== null && node.state === 'in_progress') words.push(`(${onOneLine(assignee)})`);
  return [...words, onOneLine(title ?? '')].filter((word) => word !== '').join(' ');
}

/** A state as a word, also for what is missing or can't be read. */
export function anyState(state: GraphNodeOutput['state'], style: Style): string {
  if (state === 'missing' || state === 'unreadable') return style.red(state);
  return stateInWords(state, style);
}

/** What is said of a circle, which waits for itself. */
export function circleInWords(path: readonly string[]): string {
  return `these wait for each other in a circle: ${pathInWords(path)}`;
}
