/** What tells an issue from those of other repositories: its id where there is only one repository. */
export function issueKey(repository: string, id: string): string {
  return repository === '' ? id : `${repository}/${id}`;
}
