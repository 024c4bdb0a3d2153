import { delimiter } from 'node:path';
import { isExecutable, isOnPath } from '../../tracker/find-program.ts';
import { type Check, failed, well } from './check.ts';

/** Whether a program can be started. */
export function checkProgram(name: string, program: string, path: string): Check {
  // What is filled in per run is known then.
  if (program.includes('{')) return well(name, program);
  const isFound = program.includes('/') ? isExecutable(program) : isOnPath(program, path);
  if (isFound) return well(name, program);
  const where = program.includes('/') ? 'is not there, or can not be started' : 'is not on PATH';
  const folders = path.split(delimiter).length;
  return failed(
    name,
    `${program} ${where}`,
    program.includes('/')
      ? 'correct its command, or chmod +x'
      : `install it, or name it with its path (${folders} folders were searched)`,
  );
}
