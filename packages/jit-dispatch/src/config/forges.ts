/** A repository on a forge, and how it is reached. */
export interface ForgeAccess {
  readonly kind: 'github' | 'gitea';
  /** owner/name */
  readonly repository: string;
  /** Null: the forge's own. */
  readonly url: string | null;
  /** Where the token stands: the name of a variable, or an absolute file. Never the token itself. */
  readonly token: { readonly env: string } | { readonly file: string };
  readonly timeoutSecs: number;
}

/** The forges that a configuration names. */
export interface ForgesConfig {
  readonly github: ForgeAccess | null;
  readonly gitea: ForgeAccess | null;
}
