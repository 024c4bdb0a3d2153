import { JitError } from '@jit/contract/errors';

const BEGIN = '<!-- jit:begin -->';
const END = '<!-- jit:end -->';

/** What AGENTS.md says about jit. Only letters of ASCII: it fits a file of any encoding. */
const BLOCK = `${BEGIN}
## Work is tracked with jit

The issues of this repository are in \`.jit/\`. Change them with \`jit\` only, never by editing those files.
Run \`jit prime\` first: it says how to work here. In short:

- \`jit query ready --json\`: what can be worked on now
- \`jit issue claim-next YOUR-NAME --ttl 900 --json\`: take the next issue; keep \`.claim.token\`
- \`jit issue show ID\`: what is to be done
- \`jit issue heartbeat ID --claim TOKEN\`: keep it while you work
- \`jit issue update ID --state done --claim TOKEN\`: finish it; the exit code is the verdict
${END}`;

/**
 * The text of an AGENTS.md with the block of jit in it: in the place of an old one, else at the end.
 * Everything outside the block stays. Errors: AGENTS_MARKS (4) where the marks are damaged.
 */
export function withAgentsBlock(text: string): string {
  const begins = positionsOf(text, BEGIN);
  const ends = positionsOf(text, END);
  const [begin] = begins;
  const [end] = ends;
  const block = text.includes('\r\n') ? BLOCK.replaceAll('\n', '\r\n') : BLOCK;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  if (begin === undefined && end === undefined) {
    const gap = text === '' ? '' : text.endsWith('\n') ? newline : `${newline}${newline}`;
    return `${text}${gap}${block}${newline}`;
  }
  const isWhole = begins.length === 1 && ends.length === 1;
  if (!isWhole || begin === undefined || end === undefined || end < begin)
    throw damaged(begins.length, ends.length);
  return text.slice(0, begin) + block + text.slice(end + END.length);
}

function damaged(begins: number, ends: number): JitError {
  return new JitError(
    'invalid',
    'AGENTS_MARKS',
    `AGENTS.md was left as it is: ${BEGIN} stands ${times(begins)} in it and ${END} ${times(ends)}; one of each is expected, in this order`,
    {
      hint: 'Put the two marks right by hand, or take both out with what is between them.',
      details: { begins, ends },
    },
  );
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function positionsOf(text: string, mark: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length))
    found.push(at);
  return found;
}
