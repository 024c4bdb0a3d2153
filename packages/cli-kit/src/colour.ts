/** What decides about colour besides the stream. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Whether a stream gets colour: `--color` and `--no-color` decide before FORCE_COLOR, that before
 * NO_COLOR and TERM=dumb, and otherwise a terminal gets colour and anything else none.
 * @param flag undefined when neither flag is given
 */
export function wantsColour(env: Env, isTty: boolean, flag?: boolean): boolean {
  if (flag !== undefined) return flag;
  const { FORCE_COLOR, NO_COLOR, TERM } = env;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return isTty && TERM !== 'dumb';
}
