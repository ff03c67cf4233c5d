import { RELATIVE_PATH } from '../../shared/config/names.ts';
import type { Makefile, MakeTarget } from '../makefile/makefile.ts';
import { stemOf } from '../makefile/patterns.ts';
import { expandedRecipe } from '../makefile/recipe.ts';
import { programOf, type ShellCommand, shellCommands } from './shell-commands.ts';
import { isTrackedFolder, kindOf, type Tree } from './tree.ts';
import { results, writtenPaths } from './written-paths.ts';

export interface Outputs {
  paths: string[];
  /** Nothing in the Makefile shows what the target writes: a person must confirm. */
  isGuess: boolean;
}

/** Programs that leave no result. */
const IDLE = new Set(
  'echo printf true : test [ [[ sleep date cd set export exit fi done esac wait local read trap shopt pushd popd return awk grep sed cat which mkdir'.split(
    ' ',
  ),
);
/** Where pipelines of all kinds put their results. */
const USUAL_FOLDERS = ['data', 'out', 'output', 'outputs', 'results', 'artifacts'];

/** What the targets of one Makefile write. */
export class OutputFinder {
  readonly #makefile: Makefile;
  readonly #tree: Tree;
  readonly #targets: Map<string, MakeTarget>;

  constructor(makefile: Makefile, tree: Tree) {
    this.#makefile = makefile;
    this.#tree = tree;
    this.#targets = new Map(makefile.targets.map((target) => [target.name, target]));
  }

  commandsOf(target: MakeTarget): ShellCommand[] {
    return expandedRecipe(this.#makefile, target, this.#tree.directory).flatMap(shellCommands);
  }

  /** Seen in the recipe or the rule, else guessed. A target without a recipe of its own has what its prerequisites write. */
  outputsOf(target: MakeTarget): Outputs {
    const seen = this.#seen(target, new Set());
    return seen.length > 0
      ? { paths: seen, isGuess: false }
      : { paths: [this.#guess(target)], isGuess: true };
  }

  /** Whether the target has commands, beyond those that print and wait. */
  doesWork(target: MakeTarget): boolean {
    return this.commandsOf(target).some(
      (command) => !IDLE.has(programOf(command)) || command.writes.length > 0,
    );
  }

  /** Every path that any target is seen to write. */
  allSeen(): string[] {
    return [...new Set(this.#makefile.targets.flatMap((target) => this.#own(target)))];
  }

  #seen(target: MakeTarget, visited: Set<string>): string[] {
    if (visited.has(target.name)) return [];
    visited.add(target.name);
    const own = this.#own(target);
    if (own.length > 0 || this.doesWork(target)) return own;
    const needed = target.prerequisites.flatMap((name) => {
      const prerequisite = this.#targets.get(name);
      if (prerequisite) return this.#seen(prerequisite, visited);
      return this.#isMadeByPattern(name) ? results([name], this.#tree) : [];
    });
    return [...new Set(needed)];
  }

  #own(target: MakeTarget): string[] {
    const { name, isPhony, recipe } = target;
    const isFile =
      !isPhony && recipe.length > 0 && (/[/.]/.test(name) || recipe.some((line) => /\$[@({]?@/.test(line)));
    const commands = this.commandsOf(target);
    return [
      ...new Set([
        ...(isFile ? results([name], this.#tree) : []),
        ...writtenPaths(commands, name, this.#tree),
      ]),
    ];
  }

  #isMadeByPattern(name: string): boolean {
    return this.#makefile.patterns.some(({ target }) => stemOf(target, name) !== undefined);
  }

  /** A folder of the target's name, where there is one or where most of the results are. */
  #guess({ name }: MakeTarget): string {
    const [most = 'data'] = byFrequency(
      this.allSeen()
        .filter((file) => file.includes('/'))
        .map(topOf),
    );
    const candidates = [most, ...USUAL_FOLDERS].map((folder) => `${folder}/${name}`);
    const isThere = (file: string) =>
      kindOf(this.#tree, file) === 'folder' && !isTrackedFolder(this.#tree, file);
    const guess = [...candidates, name].find(isThere) ?? `${most}/${name}`;
    return RELATIVE_PATH.test(guess) ? guess : most;
  }
}

function topOf(file: string): string {
  return file.slice(0, file.indexOf('/'));
}

/** The most frequent first; of equally frequent ones the first. */
function byFrequency(names: string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].toSorted(([, one], [, other]) => other - one).map(([name]) => name);
}
