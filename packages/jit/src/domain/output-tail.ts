/** How much of a failed checker's output is shown at once. */
const TAIL_LINES = 40;
const TAIL_CHARS = 4096;

/** Colours, cursor movements and titles that a program sent to its terminal. */
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be taken out
  /(?:\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\u001b\u009b][[\]()#;?]*(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~])/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be taken out
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** The last lines of a program's output, fit for every terminal: at most 40 lines and 4,096 characters. */
export function outputTail(text: string): string {
  const clean = text
    .replace(ESCAPES, '')
    .replace(/\r+\n/g, '\n')
    .replace(/\r/g, '\n')
    .replace(CONTROLS, '')
    .trimEnd();
  const lines = clean.split('\n').slice(-TAIL_LINES).join('\n');
  return lines.length <= TAIL_CHARS ? lines : `…${lines.slice(1 - TAIL_CHARS)}`;
}

/** A text in one line and in quotes, with nothing in it that a terminal would hide: what is shown is what is run. */
export function inQuotes(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f]|\p{Cf}|\p{Zl}|\p{Zp}/gu,
    (hidden) => `\\u{${(hidden.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
