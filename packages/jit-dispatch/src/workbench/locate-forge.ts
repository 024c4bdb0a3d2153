import { dirname, join } from 'node:path';
import type { DispatchConfig } from '../config/config.ts';
import type { ForgeAccess } from '../config/forges.ts';
import type { ForgePorts } from '../forge/forge-options.ts';
import { runForgeTracker } from '../forge-tracker/forge-tracker.ts';
import { openDesk } from '../forge-tracker/open-desk.ts';
import type { ForgeTrackerOptions } from '../forge-tracker/options.ts';
import { killAt } from '../kill-at.ts';
import { createJitCli } from '../tracker/jit-cli.ts';
import type { LocatedTracker } from '../tracker/locate-tracker.ts';

/** A forge whose issues are dispatched. */
export interface ForgePlace {
  readonly access: ForgeAccess;
  /** The label filter; undefined: as configured. */
  readonly labels: readonly string[] | undefined;
  /** The configuration in effect, each time it is asked for. */
  readonly config: () => DispatchConfig;
  /** The name under which the dispatcher changes issues. */
  readonly actor: string;
  /** The bundle that guards an agent; that of the tracker lies beside it. */
  readonly keeperFile: string;
  readonly ports: ForgePorts;
}

/**
 * The issues of a forge as a tracker. It is the program that keepers and agents call; the dispatcher makes the same calls
 * without a process for each.
 */
export async function locateForge(place: ForgePlace): Promise<LocatedTracker> {
  const { config, actor, ports } = place;
  const { environment } = ports;
  const options = (): ForgeTrackerOptions => optionsOf(place);
  const step = (name: string): void => killAt(environment, `forge:${name}`);
  const desk = await openDesk(options, { ...ports, step });
  const { folder, tracker } = config();
  const program = {
    get argv() {
      const file = join(dirname(place.keeperFile), 'forge-tracker.cjs');
      return [process.execPath, file, JSON.stringify(options())];
    },
    suffix: [],
    cwd: folder,
    env: {},
  };
  return {
    tracker: createJitCli({
      program,
      environment,
      actor,
      timeoutMs: tracker.timeoutSecs * 1000,
      tellsPeople: true,
      run: (_, { args, input = '' }) => runForgeTracker(desk, args, { input, actor, claim: null }),
    }),
    program,
    jitDir: null,
    workFolder: folder,
    path: null,
  };
}

function optionsOf({ access, config, labels }: ForgePlace): ForgeTrackerOptions {
  const { choosing, tracker } = config();
  const { kind, repository, url, token, timeoutSecs: timeout_secs } = access;
  return {
    kind,
    repository,
    url,
    token,
    timeout_secs,
    labels: [...(labels ?? choosing.labelFilter)],
    agent_label: tracker.agentLabel,
    assign: tracker.assign,
    accounts: [...tracker.accounts],
  };
}
