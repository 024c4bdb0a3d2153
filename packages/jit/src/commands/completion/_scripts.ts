/** The shells that there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

// Every word goes over with a colon before it: so it is neither empty nor a flag.
const BASH = `# bash completion for jit: eval "$(jit completion bash)"
_jit_complete() {
  local line="\${COMP_LINE:0:COMP_POINT}" current="" before="" found=""
  local -a words=()
  IFS=$' \\t\\n' read -r -a words <<< "$line"
  case "$line" in *[[:space:]]) words+=("") ;; esac
  current="\${words[\${#words[@]}-1]}"
  words=("\${words[@]:1}")
  # Bash ends a word at these signs and wants only what follows the last of them.
  local signs="\${COMP_WORDBREAKS//[^:=]/}"
  if [[ -n "$signs" && "$current" == *["$signs"]* ]]; then
    before="\${current%"\${current##*["$signs"]}"}"
  fi
  COMPREPLY=()
  while IFS= read -r found; do
    [[ -n "$found" ]] || continue
    printf -v found '%q' "\${found#"$before"}"
    COMPREPLY+=("$found")
  done < <(jit __complete bash "\${words[@]/#/:}" 2>/dev/null)
}
complete -o bashdefault -o default -F _jit_complete jit
`;

const ZSH = `#compdef jit
# zsh completion for jit: eval "$(jit completion zsh)", or as a file _jit in $fpath
_jit() {
  local -a found
  found=("\${(@f)$(jit __complete zsh "\${(@)words[2,CURRENT]/#/:}" 2>/dev/null)}")
  found=("\${(@)found:#}")
  if (( \${#found} )); then
    _describe -V jit found
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == _jit ]]; then
  _jit "$@"
else
  compdef _jit jit
fi
`;

const FISH = `# fish completion for jit: jit completion fish | source
function __jit_complete
  set -l words (commandline -opc)
  set -e words[1]
  set -l current (commandline -ct)
  set -l found (jit __complete fish ':'$words ":$current" 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path "$current"
  end
end
complete -c jit -f -k -a '(__jit_complete)'
`;

/** The script of each shell. It calls the hidden command of jit, and stays silent where that fails. */
export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
