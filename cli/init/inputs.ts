import { type Dirent, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { RELATIVE_PATH } from '../../shared/config/names.ts';
import type { Makefile } from '../makefile/makefile.ts';
import { stemOf } from '../makefile/patterns.ts';
import type { OutputFinder } from './outputs.ts';
import { isIgnored, kindOf, type Tree, textOf } from './tree.ts';

export interface ProposedInputs {
  /** Files and folders that git ignores and a target needs. */
  found: string[];
  /** Those that a target needs, and that are neither here nor made by a target. */
  missing: string[];
}

/** Folders of tools, and results of runs: no inputs. */
const TOOLS =
  /^(?:node_modules|\.?venv|env|target|__pycache__|\.\w.*|logs|vicinity-.*)$|(?:^|\/)(?:node_modules|\.?venv|__pycache__|site-packages)(?:\/|$)|^data\/categories_results/;
const SECRET =
  /(?:^|\/)(?:\.env[\w.]*|.*\.(?:pem|key|p12|pfx)|.*(?:credential|secret|service[-_]?account).*)$/i;
const SOURCE = /\.(?:py|sh|bash|R|r|jl|sql|ya?ml|toml|json|js|ts|rs|go|cfg|ini)$/;
/** Enough for data that a person keeps at hand; more is a cache. */
const MAX_FILES = 20_000;
const MAX_SOURCE_BYTES = 1_000_000;
const MAX_SOURCES = 2_000;

/** Which ignored files the rules, the recipes and the tracked programs name. */
export function findInputs(makefile: Makefile, tree: Tree, finder: OutputFinder): ProposedInputs {
  const outputs = finder.allSeen();
  const isOutput = (file: string) =>
    outputs.some((output) => file === output || file.startsWith(`${output}/`));
  const made = new Set(makefile.targets.filter(({ recipe }) => recipe.length > 0).map(({ name }) => name));
  const isMade = (file: string) =>
    made.has(file) || makefile.patterns.some(({ target }) => stemOf(target, file) !== undefined);
  const wanted = [...new Set(makefile.targets.flatMap(({ prerequisites }) => prerequisites))].filter(
    (file) => !isMade(file),
  );
  const isInput = (file: string) =>
    RELATIVE_PATH.test(file) &&
    isIgnored(tree, file) &&
    !isOutput(file) &&
    !TOOLS.test(file) &&
    !SECRET.test(file);
  const required = wanted.filter((file) => isInput(file) && kindOf(tree, file) !== undefined);
  const words = new Set(
    makefile.targets.flatMap((target) =>
      finder.commandsOf(target).flatMap((command) => [...command.words, ...command.reads]),
    ),
  );
  const here = ignoredFiles(tree).filter((file) => isInput(file) && !isMade(file));
  const named = here.filter((file) => words.has(file) || words.has(`./${file}`));
  const rest = here.filter((file) => !named.includes(file) && !required.includes(file));
  const read = namedInSources(rest, tree);
  const known = new Set(makefile.targets.map(({ name }) => name));
  return {
    found: [...new Set([...required, ...named, ...read])],
    missing: wanted.filter(
      (file) =>
        RELATIVE_PATH.test(file) &&
        /[/.]/.test(file) &&
        !known.has(file) &&
        kindOf(tree, file) === undefined &&
        !isOutput(file),
    ),
  };
}

/** The ignored files one by one, those of tools excepted. */
function ignoredFiles(tree: Tree): string[] {
  const files: string[] = [];
  for (const entry of tree.ignored) {
    const name = entry.replace(/\/$/, '');
    if (TOOLS.test(name)) continue;
    if (entry.endsWith('/')) addFilesBelow(tree, name, files);
    else files.push(name);
  }
  return files;
}

function addFilesBelow(tree: Tree, folder: string, files: string[]): void {
  for (const entry of entriesOf(path.join(tree.directory, folder))) {
    if (files.length >= MAX_FILES) return;
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !TOOLS.test(file) && !TOOLS.test(entry.name)) addFilesBelow(tree, file, files);
    else if (entry.isFile()) files.push(file);
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Not ours to read, such as a folder that a container has made: no input of ours, either.
    return [];
  }
}

/** Files whose path a tracked program or its settings have in quotes, or as a word. */
function namedInSources(files: string[], tree: Tree): string[] {
  if (files.length === 0) return [];
  const sources = [...tree.tracked].filter((file) => SOURCE.test(file)).slice(0, MAX_SOURCES);
  const texts = sources
    .filter(
      (file) =>
        (statSync(path.join(tree.directory, file), { throwIfNoEntry: false })?.size ?? 0) < MAX_SOURCE_BYTES,
    )
    .map((file) => textOf(tree, file) ?? '');
  const named = new Set(
    texts.flatMap((text) => text.match(/[\w@+,=./-]+/g) ?? []).map((word) => word.replace(/^\.\//, '')),
  );
  return files.filter((file) => file.includes('/') && named.has(file));
}
