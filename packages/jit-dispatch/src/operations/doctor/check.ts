import { JitError } from '@jit/contract/errors';
import type { DoctorOutput } from '@jit/contract/outputs/dispatch-setup';

/** One line of what the doctor found. */
export type Check = DoctorOutput['checks'][number];

/** A check that found nothing wrong. */
export function well(check: string, detail: string): Check {
  return { check, result: 'ok', detail, next: null };
}

/** A check that found what stops the work. */
export function failed(check: string, detail: string, next: string): Check {
  return { check, result: 'failed', detail, next };
}

/** A check that found what may disturb the work. */
export function warning(check: string, detail: string, next: string): Check {
  return { check, result: 'warning', detail, next };
}

/** The checks of a group; what throws is a failed check, and the others go on. */
export async function guarded(
  check: string,
  look: () => readonly Check[] | Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    return await look();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const hint = error instanceof JitError ? error.hint : undefined;
    return [failed(check, message, hint ?? 'see the message')];
  }
}
