import { fileURLToPath } from 'node:url';
import type { ForgeTrackerOptions } from '../../src/forge-tracker/options.ts';
import type { TrackerProgram } from '../../src/tracker/tracker-program.ts';
import type { ForgeServer } from '../forge/forge-server.ts';
import type { KINDS } from './open-tracker.ts';

const TEST_BUILD = fileURLToPath(new URL('../../dist-test/forge-tracker.cjs', import.meta.url));

/** The program that is the tracker, of the test build, for a forge of a test. */
export function programFor(
  kind: (typeof KINDS)[number],
  { url, repository }: ForgeServer,
): TrackerProgram {
  const options: ForgeTrackerOptions = {
    kind,
    repository: `${repository.owner}/${repository.name}`,
    url,
    token: { env: 'FORGE_TOKEN' },
    timeout_secs: 30,
    labels: ['ai'],
    agent_label: 'agent:{agent_id}',
    assign: null,
    accounts: [],
  };
  return {
    argv: [process.execPath, TEST_BUILD, JSON.stringify(options)],
    suffix: [],
    cwd: '/',
    env: {},
  };
}
