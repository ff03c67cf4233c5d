import { existsSync } from 'node:fs';
import path from 'node:path';
import { TARGET } from '../../shared/config/names.ts';
import type { Makefile, MakeTarget } from '../makefile/makefile.ts';
import { stemOf } from '../makefile/patterns.ts';
import type { OutputFinder, Outputs } from './outputs.ts';
import { programOf, type ShellCommand } from './shell-commands.ts';
import type { Tree } from './tree.ts';

export interface ProposedTarget {
  name: string;
  outputs: string[];
  /** The outputs are a guess, which a person must confirm. */
  isGuess: boolean;
  description: string | undefined;
}

/** Something of the Makefile that is not proposed, and why. */
export interface LeftOut {
  name: string;
  reason: string;
}

const REMOVES_BY_NAME =
  /^(?:.*[-_])?(?:clean|distclean|realclean|mostlyclean|clobber|purge|nuke|wipe|reset|destroy|teardown|delete|rm|remove|prune)(?:[-_].*)?$/i;
/** Tasks at a person's own desk. */
const DESK =
  /^(?:help|usage|install|uninstall|tests?|unit-?tests?|pytest|lint|format|fmt|black|ruff|mypy|typecheck|check|coverage|ci|pre-?commit|docs?|dev|develop|serve|server|watch|venv|setup|init|deps|requirements|bootstrap|shell|bash|ssh|deploy|publish|release|upload|push|login|auth|notebook|jupyter|lab|tags|TAGS|print-.*|debug|version|list|info|logs?|tail|up|down|start|stop|docker.*|image)$|^(?:test|lint|check|docker|install|vicinity)[-_]/;
const REMOTE = /(?:^|[-_])remote(?:$|[-_])/;
const NATIVE = /^(?:native|rust|build[-_]native|native[-_]build)$/;
/** Programs that remove, each with the arguments that make it do so. */
const REMOVERS: [program: RegExp, args: RegExp][] = [
  [/^(?:rm|rmdir|unlink|shred|dropdb|truncate)$/, /^/],
  [/^find$/, /(?:^| )(?:-delete|-exec rm)(?: |$)/],
  [/^xargs$/, /(?:^| )rm(?: |$)/],
  [/^git$/, /^(?:clean|reset|checkout|restore)\b/],
  [/^(?:gsutil|aws|bq|kubectl|docker|podman|conda|dvc)$/, /\b(?:rm|rmi|rb|prune|delete|down|remove|gc)\b/],
  [/^gcloud$/, /\b(?:delete|rm)\b/],
  [/^(?:make|cargo|npm|yarn|mvn|gradle|ninja|cmake)$/, /\b(?:dist|real|very)?clean\b/],
  [/^(?:psql|mysql|sqlite3|duckdb|clickhouse-client)$/, /\b(?:drop|truncate|delete from)\b/i],
  [/^mkfs(?:\.\w+)?$/, /^/],
  [/^terraform$/, /^destroy\b/],
];
/** Removing in the cloud is never a part of a job. */
const CLOUD = /^(?:gsutil|aws|bq|kubectl|gcloud|terraform)$/;
const PRINTERS = new Set('echo printf true : awk grep sed column sort cat cut tr head fold less'.split(' '));
const FOLDER_MAKERS = new Set('mkdir touch echo printf true : test ['.split(' '));

/** The targets that a request may name, `all` first, and those that it better does not. */
export function chooseTargets(
  makefile: Makefile,
  tree: Tree,
  finder: OutputFinder,
): { targets: ProposedTarget[]; leftOut: LeftOut[] } {
  const known = new Map(makefile.targets.map((target) => [target.name, target]));
  const judged = makefile.targets.map((target) => ({ target, reason: reasonAgainst(target) }));
  const named = judged.filter(({ target, reason }) => reason === undefined && !isFile(target));
  const chosen = named.length > 0 ? named : judged.filter(({ reason }) => reason === undefined);
  const targets = chosen.map(({ target }) => ({ ...proposed(target, finder.outputsOf(target)) }));
  const all = targets.filter(({ name }) => name === 'all');
  return {
    targets: [...all, ...targets.filter(({ name }) => name !== 'all')],
    leftOut: judged.flatMap(({ target: { name }, reason }) =>
      reason === undefined ? [] : [{ name, reason }],
    ),
  };

  function reasonAgainst(target: MakeTarget): string | undefined {
    const { name, prerequisites, recipe } = target;
    const commands = finder.commandsOf(target);
    if (!TARGET.test(name)) return 'a request cannot have such a name';
    if (tree.tracked.has(name) && !target.isPhony) return 'makes a file that git tracks';
    if (NATIVE.test(name)) return 'is the native build, under provision';
    if (REMOTE.test(name) || commands.some(isRemote)) return 'starts a run from here';
    if (REMOVES_BY_NAME.test(name) || removes(commands)) return 'removes files';
    const removing = prerequisites.find((each) => isRemover(known.get(each)));
    if (removing) return `removes files, by ${removing}`;
    if (DESK.test(name)) return 'is a task for your own computer';
    if (recipe.length === 0 && prerequisites.length === 0) return 'has no recipe';
    if (prerequisites.length > 0 && commands.length === 0) return missing(target);
    if (
      commands.length > 0 &&
      commands.every((command) => PRINTERS.has(programOf(command)) && command.writes.length === 0)
    )
      return prerequisites.length > 0 ? missing(target) : 'only prints';
    if (
      commands.every((command) => FOLDER_MAKERS.has(programOf(command)) && command.writes.length === 0) &&
      isFolders(commands)
    )
      return 'only makes folders';
    return missing(target);
  }

  /** A word without a slash or a dot is the name of another target, and nothing makes it; a file may still be fetched. */
  function missing({ prerequisites }: MakeTarget): string | undefined {
    const absent = prerequisites.find(
      (each) =>
        !/[/.]/.test(each) &&
        !known.has(each) &&
        !existsSync(path.join(tree.directory, each)) &&
        !makefile.patterns.some(({ target }) => stemOf(target, each) !== undefined),
    );
    return absent && `needs ${absent}, which nothing makes`;
  }

  function isRemover(target: MakeTarget | undefined): boolean {
    return target !== undefined && (REMOVES_BY_NAME.test(target.name) || removes(finder.commandsOf(target)));
  }
}

/** The target of the native build, which runs before the others. */
export function nativeTarget({ targets }: Makefile): string | undefined {
  return targets.find(({ name }) => NATIVE.test(name))?.name;
}

function proposed({ name, description }: MakeTarget, { paths, isGuess }: Outputs): ProposedTarget {
  return { name, outputs: paths, isGuess, description };
}

/** A file that other targets make on their way. */
function isFile({ name, isPhony }: MakeTarget): boolean {
  return !isPhony && (name.includes('/') || /\.(?:o|d|a|so|stamp|mk)$/.test(name));
}

/** A cleaning target does nothing else; a job may well remove its own scratch space. */
function removes(commands: ShellCommand[]): boolean {
  const removing = commands.filter(isRemoval);
  if (removing.some((command) => CLOUD.test(programOf(command)))) return true;
  const others = commands.filter((command) => !isRemoval(command));
  return removing.length > 0 && others.every((command) => isIdle(command));
}

function isRemoval(command: ShellCommand): boolean {
  const args = command.words.slice(1).join(' ');
  return REMOVERS.some(([program, rest]) => program.test(programOf(command)) && rest.test(args));
}

function isIdle(command: ShellCommand): boolean {
  const program = programOf(command);
  const isQuiet =
    PRINTERS.has(program) ||
    FOLDER_MAKERS.has(program) ||
    /^(?:cd|set|exit|fi|done|sleep|find|for|read)$/.test(program);
  return isQuiet && command.writes.length === 0;
}

function isRemote(command: ShellCommand): boolean {
  const call = command.words.join(' ');
  return /(?:^|[\s/])run_remote\.sh\b|^(?:npx )?vicinity |^gcloud compute (?:instances|ssh|scp)/.test(call);
}

function isFolders(commands: ShellCommand[]): boolean {
  return commands.some((command) => programOf(command) === 'mkdir');
}
