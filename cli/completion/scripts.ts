import type { Command } from 'commander';

/** Shells that a completion script can be printed for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

interface Entry {
  name: string;
  summary: string;
  /** Of a command such as deploy, whose options are those of its subcommands. */
  subcommands: { name: string; summary: string }[];
  options: { flag: string; description: string }[];
}

/** A script that completes the commands and their options, made of the program itself. */
export function completionScript(shell: Shell, program: Command): string {
  const entries = program.commands.map(entryOf);
  const script = { bash, zsh, fish }[shell];
  return script(entries);
}

function entryOf(command: Command): Entry {
  const options = [command, ...command.commands].flatMap((each) => each.options);
  const flags = options.flatMap(({ long, description }) =>
    long ? [[long, { flag: long, description }] as const] : [],
  );
  return {
    name: command.name(),
    summary: command.summary(),
    subcommands: command.commands.map((each) => ({ name: each.name(), summary: each.summary() })),
    options: [...new Map(flags).values(), HELP],
  };
}

const HELP = { flag: '--help', description: 'display help' };

function bash(entries: Entry[]): string {
  const cases = entries.map(
    ({ name, subcommands, options }) =>
      `    ${name}) words='${[...subcommands.map((each) => each.name), ...options.map(({ flag }) => flag)].join(' ')}' ;;`,
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
    ({ name, subcommands, options }) =>
      `    ${name}) options=(${options.map(({ flag, description }) => single(`${flag}:${description}`)).join(' ')})` +
      ` subcommands=(${subcommands.map((each) => single(`${each.name}:${each.summary}`)).join(' ')}) ;;`,
  );
  return `# vicinity completion for zsh: source <(vicinity completion zsh)
_vicinity() {
  local -a commands options subcommands
  commands=(
${commands.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case \${words[2]} in
${cases.join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then _describe option options
  elif (( CURRENT == 3 && $#subcommands )); then _describe command subcommands
  else _files; fi
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
  const subcommands = entries.flatMap(({ name, subcommands: own }) =>
    own.map(
      (each) =>
        `complete -c vicinity -n '__fish_seen_subcommand_from ${name}' -f -a ${each.name} -d ${single(each.summary)}`,
    ),
  );
  const title = '# vicinity completion for fish: vicinity completion fish | source';
  return [title, ...commands, ...subcommands, ...options].join('\n');
}

function single(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
