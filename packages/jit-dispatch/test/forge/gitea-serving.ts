/** How Gitea is served. */
export interface GiteaServing {
  readonly repository?: string;
  /** The path that it is installed under. */
  readonly path?: string;
  /** As many things are given at a time, whatever was asked for. */
  readonly mostItems?: number;
  /** Whether a list says where its next page is; it tells its total in any case. */
  readonly hasLinks?: boolean;
  /** Whether the owner is an organisation, which may have labels of its own. */
  readonly isOrganisation?: boolean;
}
