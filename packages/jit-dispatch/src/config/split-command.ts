const OPERATORS = /^(\|\|?|&&?|;|\d?>{1,2}(&\d)?|<{1,2})$/;

/** A command that can't be split, or that needs a shell. */
export class CommandProblem extends Error {
  override readonly name = 'CommandProblem';
}

/**
 * Splits a command into arguments as a shell would, quotes and backslashes included, and does
 * nothing else: no variables, no wildcards, no operators.
 * @throws CommandProblem
 */
export function splitCommand(text: string): string[] {
  const argv: string[] = [];
  let word: string | null = null;
  let isPlain = true;
  let quote: string | null = null;
  const end = (): void => {
    if (word !== null && isPlain && OPERATORS.test(word))
      throw new CommandProblem(needsShell(word));
    if (word !== null) argv.push(word);
    word = null;
    isPlain = true;
  };
  const add = (character: string): void => {
    word = (word ?? '') + character;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (quote === "'" && character === quote) quote = null;
    else if (quote === "'") add(character);
    else if (quote === '"') {
      if (character === quote) quote = null;
      else if (character === '\\' && (next === '"' || next === '\\')) add(text.charAt(++at));
      else add(character);
    } else if (character === "'" || character === '"') {
      quote = character;
      isPlain = false;
      add('');
    } else if (character === '\\') {
      if (next === '') throw new CommandProblem('it ends with a lone backslash');
      isPlain = false;
      add(text.charAt(++at));
    } else if (/\s/.test(character)) end();
    else add(character);
  }
  if (quote !== null) throw new CommandProblem(`a quote (${quote}) is not closed`);
  end();
  return argv;
}

function needsShell(word: string): string {
  return `"${word}" needs a shell, and commands are started without one; if that is meant: command = ["sh", "-c", "…"]`;
}
