import { existsSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { describeBytes } from '../../shared/model/bytes.ts';
import { count } from '../../shared/model/count.ts';
import { LOGS_FOLDER, RESULTS_FOLDER } from '../results/places.ts';
import type { Git } from './git.ts';
import type { TrackedFile, TrackedFiles } from './tracked.ts';

/** Tracked files of this size slow every push down; they are better declared as inputs. */
const LARGE_BYTES = 50_000_000;
const MAX_NAMES = 3;

export interface Packaged {
  directory: string;
  git: Git;
  tracked: TrackedFiles;
  /** Tracked files that differ from the commit. */
  changed: string[];
  /** Declared input files. */
  inputs: string[];
  /** Paths that runs make. */
  outputs: string[];
}

/** What the VM lacks or gets in another form than a person may expect, by name. */
export async function packageWarnings(packaged: Packaged): Promise<string[]> {
  const { git, tracked, changed, inputs, outputs } = packaged;
  const sparse = tracked.missing.length > 0 ? new Set(await git.sparseFiles()) : new Set<string>();
  const missing = new Set(tracked.missing);
  return [
    ...naming(
      'tracked file',
      'deleted and left out',
      tracked.missing.filter((file) => !sparse.has(file)),
    ),
    ...naming(
      'tracked file',
      'not packaged, because the sparse checkout leaves it out: git sparse-checkout add what the run needs',
      tracked.missing.filter((file) => sparse.has(file)),
    ),
    ...naming(
      'tracked file',
      'changed since the commit; packaged as in the work tree',
      changed.filter((file) => !missing.has(file)),
    ),
    ...naming(
      'file',
      'with Windows line endings, which Linux does not run: set eol=lf for it in .gitattributes, and check it out again',
      tracked.windowsScripts,
    ),
    ...naming(
      'tracked link',
      'a plain file in the work tree, and packaged as one: set core.symlinks, and check it out again',
      tracked.plainLinks,
    ),
    ...naming(
      'tracked link',
      'to what is not packaged: git add the file, or declare it under source.inputs',
      linksToNothing(packaged),
    ),
    ...naming('untracked file', 'not packaged: git add what the run needs', await untracked()),
    ...aboutLarge(tracked.files),
  ];

  async function untracked(): Promise<string[]> {
    const found = await git.untrackedFiles([RESULTS_FOLDER, LOGS_FOLDER, ...outputs]);
    return found.filter((file) => !inputs.some((input) => input.startsWith(file)));
  }
}

/** Links whose target is here, but neither packaged, nor an input, nor an output. */
function linksToNothing({ directory, tracked, inputs, outputs }: Packaged): string[] {
  const packaged = new Set<string>();
  for (const file of [...tracked.files.map((each) => each.path), ...inputs]) {
    for (let at = file; at !== '.' && !packaged.has(at); at = path.posix.dirname(at)) packaged.add(at);
  }
  return tracked.files
    .filter(({ stat }) => stat.isSymbolicLink())
    .map((file) => file.path)
    .filter((link) => {
      const target = readlinkSync(path.join(directory, link));
      const inside = path.posix
        .normalize(path.posix.join(path.posix.dirname(link), target))
        .replace(/\/$/, '');
      const isMade = outputs.some((output) => inside === output || inside.startsWith(`${output}/`));
      return existsSync(path.join(directory, link)) && inside !== '.' && !packaged.has(inside) && !isMade;
    });
}

function aboutLarge(files: TrackedFile[]): string[] {
  const large = files.filter(({ stat }) => stat.size > LARGE_BYTES);
  const names = large.map(({ path: file, stat }) => `${file} (${describeBytes(stat.size)})`);
  return naming('tracked file', 'large and travels with every change: better under source.inputs', names);
}

/** `3 tracked files deleted and left out: a, b, c`. */
function naming(noun: string, what: string, names: string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return [`${count(names.length, noun)} ${what}: ${names.slice(0, MAX_NAMES).join(', ')}${more}`];
}
