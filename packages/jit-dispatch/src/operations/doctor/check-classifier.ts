import type { DispatchConfig } from '../../config/config.ts';
import { type Check, failed } from './check.ts';
import { checkProgram } from './check-program.ts';

/** The program that says who work is for; null: none is asked. */
export function checkClassifier(
  { choosing: { classification } }: Pick<DispatchConfig, 'choosing'>,
  path: string,
): Check | null {
  const { program } = classification;
  if (program === null) return null;
  const check = checkProgram('classification', program.argv[0] ?? '', path);
  if (check.result === 'ok') return check;
  return failed(check.check, check.detail, `${check.next}; until then nothing is classified`);
}
