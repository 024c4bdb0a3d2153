/** How the work of a run becomes a pull request. */
export interface PullRequestConfig {
  readonly forge: 'github' | 'gitea';
  /** The name of a git remote: the repository of the forge. */
  readonly remote: string;
  /** The branch it goes into; null: the default branch of the forge. */
  readonly base: string | null;
  readonly draft: boolean;
  /** Liquid templates. */
  readonly title: string;
  readonly body: string;
  readonly pushTimeoutSecs: number;
  /** Names of further variables that git gets. */
  readonly passEnv: readonly string[];
}
