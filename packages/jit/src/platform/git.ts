import { resolve } from 'node:path';
import { JitError } from '@jit/contract/errors';

type Environment = Readonly<Record<string, string | undefined>>;

/** A git repository as seen from a folder in it. Nothing here is called unless a command is about git. */
export class GitRepository {
  private readonly folder: string;
  private readonly env: Environment;
  /** The folder that holds the configuration all worktrees share. */
  readonly commonDir: string;

  /** Errors: NOT_A_REPOSITORY (3), GIT_MISSING and GIT_FAILED (10). */
  constructor(folder: string, env: Environment) {
    this.folder = folder;
    this.env = env;
    this.commonDir = resolve(folder, this.run(['rev-parse', '--git-common-dir']).trim());
  }

  /** A value of the shared configuration, or null. */
  config(key: string): string | null {
    const { status, stdout } = this.call(['config', '--local', '--get', key]);
    return status === 0 ? stdout.replace(/\n$/, '') : null;
  }

  /** Sets a value in the shared configuration. Errors: GIT_FAILED (10). */
  setConfig(key: string, value: string): void {
    this.run(['config', '--local', '--replace-all', key, value]);
  }

  private run(argv: readonly string[]): string {
    const { status, stdout, stderr } = this.call(argv);
    if (status === 0) return stdout;
    if (stderr.includes('not a git repository')) {
      throw new JitError(
        'not_found',
        'NOT_A_REPOSITORY',
        `${this.folder} is in no git repository: there is nothing to set up`,
        { hint: 'git init makes one; .jit works without it, but nothing is ever merged then.' },
      );
    }
    throw new JitError('external', 'GIT_FAILED', `git ${argv.join(' ')} failed: ${stderr.trim()}`, {
      hint: 'Nothing of jit depends on it; mend it and call this again.',
      details: { exit: status, stderr },
    });
  }

  private call(argv: readonly string[]) {
    const { spawnSync } = process.getBuiltinModule('node:child_process');
    // Which repository it is, files decide: hooks have variables for another one.
    const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_COMMON_DIR, ...env } = this.env;
    const ended = spawnSync('git', [...argv], {
      cwd: this.folder,
      env: { ...env, LC_ALL: 'C' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (ended.error === undefined) return ended;
    throw new JitError('external', 'GIT_MISSING', `git can't be started: ${ended.error.message}`, {
      hint: 'Install git, or put it on PATH. jit itself needs none.',
      cause: ended.error,
    });
  }
}
