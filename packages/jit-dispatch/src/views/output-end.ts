const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be taken out
  /\u001b\[[0-9;?]*[A-Za-z]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be taken out
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const MARK = '…';

/** The end of what a program printed, without what is meant for terminals, at most so many bytes. */
export function outputEnd(output: string, bytes: number): string {
  const clean = output.replace(ESCAPES, '').replace(/\r\n?/g, '\n').replace(CONTROLS, '').trimEnd();
  const whole = Buffer.from(clean);
  if (whole.length <= bytes) return clean;
  const room = bytes - Buffer.byteLength(MARK);
  if (room <= 0) return '';
  let start = whole.length - room;
  while (isInside(whole[start])) start += 1;
  return MARK + whole.toString('utf8', start);
}

/** Whether a byte is not the first one of its character. */
function isInside(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte < 0xc0;
}
