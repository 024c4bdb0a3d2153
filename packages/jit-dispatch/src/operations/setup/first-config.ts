/** Agent programs that many people have, and how each works on an issue without a person. */
export const KNOWN_AGENTS: readonly { readonly program: string; readonly lines: string }[] = [
  {
    program: 'claude',
    lines: 'command = ["claude", "--print", "--permission-mode", "acceptEdits"]\nprompt = "stdin"',
  },
  { program: 'codex', lines: 'command = ["codex", "exec", "--full-auto", "-"]\nprompt = "stdin"' },
  { program: 'copilot', lines: 'command = ["copilot", "--allow-all-tools"]\nprompt = "stdin"' },
  { program: 'gemini', lines: 'command = ["gemini", "--yolo"]\nprompt = "stdin"' },
];

/** A small configuration that is good as it is; its agent is yet to be named. */
export function firstConfig({
  dir,
  found,
}: {
  /** The repository, where it is not found from the file's folder. */
  readonly dir: string | null;
  readonly found: readonly string[];
}): string {
  const choices = KNOWN_AGENTS.map(({ program, lines }) => {
    const where = found.includes(program) ? 'on PATH here' : 'not on PATH here';
    const table = `[[agents]]\nid = "${program}-1"\n${lines}`;
    return `# ${program}, ${where}: read its own help for what it may do on its own\n${commented(table)}\n`;
  });
  return `# The configuration of jit-dispatch. \`jit-dispatch check-config --effective\` shows every key with its
# default, \`jit-dispatch schema dispatch.toml\` what each means. A running dispatcher takes up changes.

# max_concurrent = 10        # runs at a time, over all agents
${dir === null ? '' : `\n[tracker]\ndir = ${JSON.stringify(dir)}\n`}
# Where agents work: "none" is the folder of .jit, "worktree" a git worktree per issue.
# [workspace]
# kind = "worktree"

# An agent is a program that is started once per issue, without a shell. It finds JIT_ISSUE_ID in its
# environment, and finishes the issue with \`jit issue update "$JIT_ISSUE_ID" --state done\`.
[[agents]]
id = "my-agent"
command = "./my-agent"       # from the folder of this file
capacity = 1                 # issues at a time

# Or one of these. They act without asking: give them a workspace of their own first.
${choices.join('\n')}`;
}

function commented(text: string): string {
  return text.replace(/^/gm, '# ');
}
