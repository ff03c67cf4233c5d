import path from 'node:path';
import { RELATIVE_PATH } from '../../shared/config/names.ts';
import { programOf, type ShellCommand } from './shell-commands.ts';
import { isTrackedFolder, type Tree } from './tree.ts';

/** Options that name where a program writes. */
const OUTPUT_OPTION =
  /^--?(?:out|output|outfile|outdir|out[-_](?:dir|file|path|folder)|output[-_](?:dir|file|path|folder|directory)|dest|destination|save[-_](?:dir|to|path)|export|results?[-_](?:dir|path|file)|result|target[-_]dir)$/;
/** Programs whose -o is no file. */
const OTHER_O = new Set(
  'set find grep egrep ps ssh scp mount test [ ls rsync tar apt-get apt sudo'.split(' '),
);
/** Programs whose last argument is where they write. */
const LAST_ARGUMENT = new Set(['cp', 'mv', 'install', 'ln', 'rsync']);
/** What is no result: scratch space, logs, marks of make, and what is installed. */
const NO_RESULT =
  /^(?:tmp|temp|logs?|build|target|node_modules|\.?venv|dist)$|^(?:tmp|temp|logs?|node_modules|\.?venv|__pycache__)\/|\.(?:log|stamp|done|ok|tmp|o|d|pid|lock)$|(?:^|\/)\./;
const SCRIPT = /\.(?:py|sh|bash|R|r|sql|js|ts|pl|rb|jl|ipynb|ya?ml|toml|mk|go|rs|java|c|cpp)$/;

/** Files and folders that the commands are seen to write, each as a result of a target would be named. */
export function writtenPaths(commands: ShellCommand[], target: string, tree: Tree): string[] {
  const written = commands.flatMap((command) => [
    ...command.writes,
    ...optionValues(command),
    ...argumentsWritten(command),
    ...argumentNamedAfter(command, target),
  ]);
  const files = results(written, tree);
  const folders = results(commands.flatMap(foldersMade), tree);
  const isParent = (folder: string) => files.some((file) => file === folder || file.startsWith(`${folder}/`));
  return [...new Set([...files, ...folders.filter((folder) => !isParent(folder))])];
}

/** Paths below the repository, and the folders that hold them alone: data/tiles for data/tiles/1/2.png. */
export function results(words: string[], tree: Tree): string[] {
  return words
    .map(plainPath)
    .filter((file) => file !== undefined)
    .map((file) => folderOf(file, tree))
    .filter((file) => RELATIVE_PATH.test(file) && !NO_RESULT.test(file) && !tree.tracked.has(file));
}

/** Up to the first part that a shell or a pattern computes; undefined for what is not below the repository. */
function plainPath(word: string): string | undefined {
  const computed = word.search(/[$`*?[{%]/);
  const known = computed === -1 ? word : word.slice(0, word.lastIndexOf('/', computed) + 1);
  const file = path.posix.normalize(known.replace(/^\.\//, '')).replace(/\/+$/, '');
  return file === '' || file === '.' || file === '..' || /^(?:\/|\.\.\/|-|~)|:/.test(file) ? undefined : file;
}

/** The first two parts, unless git tracks other files there. */
function folderOf(file: string, tree: Tree): string {
  const parts = file.split('/');
  for (let depth = 2; depth < parts.length; depth += 1) {
    const folder = parts.slice(0, depth).join('/');
    if (!isTrackedFolder(tree, folder)) return folder;
  }
  return file;
}

function optionValues(command: ShellCommand): string[] {
  const program = programOf(command);
  return command.words.flatMap((word, at) => {
    const [, option = word, value] = /^(--?[\w-]+)=(.*)$/.exec(word) ?? [];
    const isShort = (option === '-o' || (option === '-O' && program === 'wget')) && !OTHER_O.has(program);
    if (!isShort && !OUTPUT_OPTION.test(option)) return [];
    return value ?? command.words[at + 1] ?? [];
  });
}

function argumentsWritten(command: ShellCommand): string[] {
  const program = programOf(command);
  const given = command.words.slice(1).filter((word) => !word.startsWith('-'));
  if (program === 'tee' || program === 'touch') return given;
  if (LAST_ARGUMENT.has(program)) return given.slice(1).slice(-1);
  if (program === 'unzip') return valueAfter(command, '-d');
  if (program === 'tar' && command.words.some((word) => /^-?-?\w*x|^--extract/.test(word)))
    return valueAfter(command, '-C');
  if (program === 'tar' && /^-?\w*c\w*f/.test(command.words[1] ?? '')) return command.words.slice(2, 3);
  return [];
}

function foldersMade(command: ShellCommand): string[] {
  return programOf(command) === 'mkdir' ? command.words.slice(1).filter((word) => !word.startsWith('-')) : [];
}

function valueAfter({ words }: ShellCommand, option: string): string[] {
  const at = words.indexOf(option);
  return at === -1 ? [] : words.slice(at + 1, at + 2);
}

/**
 * The last argument, named after the target: `./tiles.sh data/minutes tiles` of the target tiles. Alone, the target's bare name may as well
 * be a subcommand: `./run minutes`.
 */
function argumentNamedAfter({ words }: ShellCommand, target: string): string[] {
  const last = words.at(-1) ?? '';
  const name = path.posix.basename(last).replace(/\.[^.]*$/, '');
  const isPath =
    last.includes('/') || (last === target && words.slice(1, -1).some((word) => word.includes('/')));
  return words.length > 1 && name === target && isPath && !SCRIPT.test(last) ? [last] : [];
}
