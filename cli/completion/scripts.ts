import type { Command } from 'commander';

/** Shells that a completion script can be printed for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

interface Entry {
  name: string;
  summary: string;
  options: { flag: string; description: string }[];
}

/** A script that completes the commands and their options, made of the program itself. */
export function completionScript(shell: Shell, program: Command): string {
  const entries = program.commands.map(entryOf);
  const script = { bash, zsh, fish }[shell];
  return script(entries);
}

function entryOf(command: Command): Entry {
  const options = command.options.flatMap(({ long, description }) =>
    long ? [{ flag: long, description }] : [],
  );
  return { name: command.name(), summary: command.summary(), options: [...options, HELP] };
}

const HELP = { flag: '--help', description: 'display help' };

function bash(entries: Entry[]): string {
  const cases = entries.map(
    ({ name, options }) => `    ${name}) words='${options.map(({ flag }) => flag).join(' ')}' ;;`,
  );
  return `# vicinity completion for bash: eval "$(vicinity completion bash)"
_vicinity() {
  local words
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then words='${entries.map(({ name }) => name).join(' ')} --help --version'; else
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
    *) return ;;
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _vicinity vicinity`;
}

function zsh(entries: Entry[]): string {
  const commands = entries.map(({ name, summary }) => `    ${single(`${name}:${summary}`)}`);
  const cases = entries.map(
    ({ name, options }) =>
      `    ${name}) options=(${options.map(({ flag, description }) => single(`${flag}:${description}`)).join(' ')}) ;;`,
  );
  return `# vicinity completion for zsh: source <(vicinity completion zsh)
_vicinity() {
  local -a commands options
  commands=(
${commands.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case \${words[2]} in
${cases.join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then _describe option options; else _files; fi
}
compdef _vicinity vicinity`;
}

function fish(entries: Entry[]): string {
  const commands = entries.map(
    ({ name, summary }) =>
      `complete -c vicinity -n __fish_use_subcommand -f -a ${name} -d ${single(summary)}`,
  );
  const options = entries.flatMap(({ name, options: own }) =>
    own.map(
      ({ flag, description }) =>
        `complete -c vicinity -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)} -d ${single(description)}`,
    ),
  );
  return ['# vicinity completion for fish: vicinity completion fish | source', ...commands, ...options].join(
    '\n',
  );
}

function single(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
