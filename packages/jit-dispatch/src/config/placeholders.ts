/** What may stand in an agent's command. */
export const PLACEHOLDERS = ['issue_id', 'agent_id', 'run_id'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

const PATTERN = /\{\{([A-Za-z_]\w*)\}\}|\{([A-Za-z_]\w*)\}/g;

/** The first `{word}` that is no placeholder, or null. `{{word}}` stands for a literal `{word}`. */
export function unknownPlaceholder(argument: string): string | null {
  for (const [, literal, name] of argument.matchAll(PATTERN)) {
    if (literal === undefined && !PLACEHOLDERS.some((known) => known === name)) return name ?? null;
  }
  return null;
}

/** Fills in the placeholders of one argument; what it puts in is never looked at again. */
export function fillPlaceholders(
  argument: string,
  values: Readonly<Record<Placeholder, string>>,
): string {
  return argument.replaceAll(PATTERN, (_, literal: string | undefined, name: string) =>
    literal === undefined ? values[name as Placeholder] : `{${literal}}`,
  );
}
