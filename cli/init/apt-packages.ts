import { programOf, type ShellCommand, shellCommands } from './shell-commands.ts';
import { type Tree, textOf } from './tree.ts';

/** Files that install Debian packages: a Dockerfile, or a script that prepares a machine. */
const INSTALLER =
  /(?:^|\/)(?:[\w.-]*Dockerfile[\w.-]*|[\w.-]*(?:startup|bootstrap|provision|setup|install)[\w.-]*\.(?:sh|bash))$/i;
const PACKAGE = /^[a-z0-9][a-z0-9.+-]+$/;
/** Of other archives than Debian's, which the VM does not have. */
const FOREIGN =
  /^(?:google-cloud-(?:cli|sdk)\S*|docker-ce\S*|containerd\.io|nodejs-\S+|gh|cuda\S*|nvidia-\S+|software-properties-common)$/;
/** Options with a value. */
const WITH_VALUE = new Set(['-o', '-t', '--target-release', '-c']);

export interface AptPackages {
  packages: string[];
  /** Where they are named. */
  files: string[];
}

/** The packages of `apt-get install` in the Dockerfiles and set-up scripts that git tracks. */
export function aptPackages(tree: Tree): AptPackages {
  const files = [...tree.tracked].filter((file) => INSTALLER.test(file)).sort();
  const found = files.map((file) => ({ file, packages: packagesIn(textOf(tree, file) ?? '') }));
  const used = found.filter(({ packages }) => packages.length > 0);
  return {
    packages: [...new Set(used.flatMap(({ packages }) => packages))],
    files: used.map(({ file }) => file),
  };
}

export function packagesIn(text: string): string[] {
  const script = withoutComments(text).replaceAll(/\\\r?\n/g, ' ');
  const variables = variablesOf(script);
  const lines = script.split('\n').map((line) => line.trim().replace(/^RUN\s+(?:--\S+\s+)*/i, ''));
  const commands = lines.filter((line) => /\bapt(?:-get)?\b/.test(line)).flatMap(shellCommands);
  const names = commands.flatMap(installed).flatMap((word) => wordsOf(word, variables));
  return [...new Set(names.map((name) => name.replace(/[=/].*$/, '')))].filter(
    (name) => PACKAGE.test(name) && !FOREIGN.test(name),
  );
}

/** A comment within a continued command ends nothing. */
function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n');
}

function installed(command: ShellCommand): string[] {
  const apt = command.words.findIndex((word) => /^(?:.*\/)?apt(?:-get)?$/.test(word));
  const install = command.words.indexOf('install', apt);
  if (apt === -1 || install === -1 || (apt > 0 && programOf(command) === 'echo')) return [];
  const words = command.words.slice(install + 1);
  return words.filter((word, at) => !word.startsWith('-') && !WITH_VALUE.has(words[at - 1] ?? ''));
}

/** `NAMES="a b"` and `NAMES=(a b)`, also over several lines. */
function variablesOf(script: string): Map<string, string[]> {
  const assignments = script.matchAll(
    /^[ \t]*(?:(?:export|local|readonly|declare|ARG|ENV)[ \t]+(?:-\w+[ \t]+)*)?(\w+)=(?:\(([^)]*)\)|"([^"$]*)"|'([^']*)')/gm,
  );
  const values = [...assignments].map(([, name = '', array, double, single]): [string, string[]] => [
    name,
    (array?.replaceAll(/#.*$/gm, '') ?? double ?? single ?? '')
      .split(/\s+/)
      .map((word) => word.replaceAll(/["']/g, ''))
      .filter(Boolean),
  ]);
  return new Map(values);
}

function wordsOf(word: string, variables: Map<string, string[]>): string[] {
  const [, name] = /^\$\{?(\w+)(?:\[[@*]\])?\}?$/.exec(word) ?? [];
  return name === undefined ? [word] : (variables.get(name) ?? []);
}
