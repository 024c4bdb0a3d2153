const PLACE = '{agent_id}';

/** The label of an agent, or its login name, by a template such as `agent:{agent_id}`. */
export function fillAgent(template: string, agent: string): string {
  return template.replaceAll(PLACE, agent);
}

/** The agent that a label names by the template; null: it is the label of none. */
export function agentIn(template: string, label: string): string | null {
  const [before = '', after, more] = template.split(PLACE);
  if (after === undefined || more !== undefined) return null;
  const isOne = label.startsWith(before) && label.endsWith(after);
  const agent = isOne ? label.slice(before.length, label.length - after.length) : '';
  return agent === '' ? null : agent;
}
