import { readHolder } from '../../daemon/lifecycle/instance-lock.ts';
import { runProgram } from '../../tracker/run-program.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { type Check, failed, guarded, warning, well } from './check.ts';
import { checkForge, forgeOf } from './check-forge.ts';

const SKEW_MS = 60_000;

/** Every repository's tracker: whether it answers, which version, and how much is ready. */
export async function checkTrackers(workbench: Workbench): Promise<Check[]> {
  const groups = await Promise.all(
    workbench.sites.map((site) => {
      const name = site.repository === '' ? 'tracker' : `tracker ${site.repository}`;
      const forge = forgeOf(workbench, site);
      if (forge !== null) return guarded(name, () => checkForge(workbench, site, { name, forge }));
      return guarded(name, async () => {
        const { tracker, program, jitDir } = await workbench.locateTracker(site);
        const [ready, version] = await Promise.all([
          tracker.ready(),
          runProgram(program, {
            args: ['--version'],
            environment: workbench.setup.environment,
            timeoutMs: workbench.config.tracker.timeoutSecs * 1000,
          }),
        ]);
        const where = jitDir ?? 'on another machine';
        return [well(name, `${where}, jit ${version.stdout.trim()}, ${ready.length} ready`)];
      });
    }),
  );
  return groups.flat();
}

/** git, where worktrees are asked for. */
export async function checkWorkspace(workbench: Workbench): Promise<Check[]> {
  const { kind } = workbench.config.workspace;
  if (kind !== 'worktree') return [well('workspace', `${kind}: git is not needed`)];
  const { environment } = workbench.setup;
  const groups = await Promise.all(
    workbench.sites.map((site) =>
      guarded('workspace', async () => {
        const { workFolder, jitDir } = await workbench.locateTracker(site);
        if (jitDir === null && forgeOf(workbench, site) === null)
          return [
            failed('workspace', 'the repository is on another machine', 'kind = "none" or "dir"'),
          ];
        const program = { argv: ['git'], suffix: [], cwd: workFolder, env: {} };
        const { exit, stderr } = await runProgram(program, {
          args: ['worktree', 'list', '--porcelain'],
          environment,
          timeoutMs: 10_000,
        });
        if (exit !== 0)
          return [
            failed(
              'workspace',
              `git worktree: ${stderr.trim()}`,
              `make ${workFolder} a git repository`,
            ),
          ];
        return [well('workspace', `git worktrees of ${workFolder}`)];
      }),
    ),
  );
  return groups.flat();
}

/** The ledgers, as far as they exist, and whether a daemon runs. */
export async function checkDaemon(workbench: Workbench): Promise<Check[]> {
  const holder = readHolder(workbench.folder);
  const checks: Check[] = [
    well(
      'daemon',
      holder === null
        ? `none runs as ${workbench.name}`
        : `${holder.command}, pid ${holder.pid} since ${holder.since}`,
    ),
  ];
  for (const site of workbench.sites) {
    const name = site.repository === '' ? 'ledger' : `ledger ${site.repository}`;
    checks.push(...(await guarded(name, () => checkLedger(workbench, site, name))));
  }
  return checks;
}

async function checkLedger(
  workbench: Workbench,
  site: Workbench['sites'][number],
  name: string,
): Promise<Check[]> {
  const ledger = await workbench.readLedger(site, true);
  if (ledger === null) return [well(name, 'none yet: nothing was dispatched')];
  const [latest] = ledger.runs({ limit: 1 });
  const live = ledger.liveRuns().length;
  const checks = [well(name, `sound, ${live} live runs`)];
  if (latest !== undefined && Date.parse(latest.created_at) > workbench.now().getTime() + SKEW_MS)
    checks.push(
      warning(
        'clock',
        `a run is from ${latest.created_at}: the clock was put back`,
        'set the clock',
      ),
    );
  for (const key of ['config_error', 'last_error']) {
    const text = ledger.getMeta(key);
    if (text === null) continue;
    const { message } = JSON.parse(text) as { message: string };
    checks.push(warning(name, message, 'see the log of the daemon'));
  }
  return checks;
}
