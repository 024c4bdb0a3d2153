/** An answer, and what was printed before it. */
export interface Heard {
  readonly answer: string;
  /** Without the line ends around it; empty where there was nothing. */
  readonly noise: string;
}

/**
 * Takes away what the way to a tracker on another machine prints before the answer, such as a banner: whole
 * lines that no document begins with. Only there: what comes later, and anything within, spoils the answer.
 */
export function afterNoise(printed: string): Heard {
  const start = /^[[{]/m.exec(printed)?.index ?? printed.length;
  // Nothing but noise is no answer, and is quoted as what was printed.
  if (start === printed.length) return { answer: printed, noise: '' };
  return { answer: printed.slice(start), noise: printed.slice(0, start).trim() };
}
