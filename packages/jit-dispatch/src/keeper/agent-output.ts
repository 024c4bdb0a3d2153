import type { OutputLog } from './output-log.ts';
import { createRedactor } from './redact.ts';

/** Takes what one of an agent's streams gives. */
export interface OutputStream {
  write(chunk: Uint8Array): void;
  /** The stream has ended; calling it again changes nothing. */
  end(): void;
}

/** Opens a way into the log for one stream of an agent: each is redacted for itself. */
export type OpenOutput = () => OutputStream;

/** Leads an agent's streams into its log, without the secrets. `onChunk` hears that something came. */
export function createOutput(
  log: OutputLog,
  secrets: readonly string[],
  onChunk: () => void,
): OpenOutput {
  return () => {
    const redactor = createRedactor(secrets);
    return {
      write(chunk) {
        onChunk();
        log.write(redactor.push(chunk));
      },
      end: () => log.write(redactor.flush()),
    };
  };
}
