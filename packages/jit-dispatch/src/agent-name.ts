/** An agent as people read it: its name for them, and its id, which is what everything goes by. */
export function agentName(id: string, title: string | null | undefined): string {
  return title ? `${title} (${id})` : id;
}
