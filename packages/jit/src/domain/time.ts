const TIME = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** A time in UTC with milliseconds, of RFC 3339 with a zone or of a date alone; null if the text is none. */
export function timeOf(text: string): string | null {
  const match = TIME.exec(text);
  const ms = match === null || !isDay(match) ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** Whether the date is in the calendar: Date.parse takes 31 February for 3 March. */
function isDay([, year, month, day]: RegExpExecArray): boolean {
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= last;
}
