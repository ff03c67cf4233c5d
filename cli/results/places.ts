import path from 'node:path';
import { resultsPrefix } from '../../shared/model/layout.ts';
import type { ObjectInfo } from '../../shared/ports/objects.ts';

/** Where the old script put results and logs; people's other scripts look there. */
export const RESULTS_FOLDER = 'data/categories_results';
export const LOGS_FOLDER = 'logs/remote_runs';

export const resultsFolder = (directory: string, runId: string) =>
  path.join(directory, RESULTS_FOLDER, runId);
export const latestLink = (directory: string) => path.join(directory, RESULTS_FOLDER, 'latest');
export const serialLogFile = (directory: string, runId: string) =>
  path.join(directory, LOGS_FOLDER, `${runId}-serial.log`);
/** What fan-out wrote where, so that a later one tells its own files from changed ones. */
export const fanOutRecord = (directory: string) => path.join(directory, RESULTS_FOLDER, '.fan-out.json');
/** Holds the beginnings of files whose download was interrupted, until all files of the run are there. */
export const PARTS_FOLDER = '.vicinity-parts';

/** One object of a run's results and its file. */
export interface ResultFile {
  object: ObjectInfo;
  /** Below the results, with slashes: `data/x.csv`. */
  path: string;
  file: string;
}

/** A result that is left out, by its path below the results, and why. */
export interface Skipped {
  path: string;
  reason: string;
}

export interface Placed {
  files: ResultFile[];
  skipped: Skipped[];
}

/**
 * Gives each object of a run its file, and names those that cannot have one: names that would lead out of the folder, a file where
 * other objects need a folder, and, on a disk that ignores case, names that differ only in case.
 */
export function placeResults(
  objects: ObjectInfo[],
  runId: string,
  folder: string,
  ignoresCase: boolean,
): Placed {
  const prefix = `${resultsPrefix(runId)}/`;
  const below = objects.map((object) => ({ object, path: object.name.slice(prefix.length) }));
  // An empty object whose name ends in a slash only stands for a folder.
  const named = below.filter(({ object, path: name }) => !(name.endsWith('/') && object.bytes === 0));
  const folders = new Set(named.flatMap(({ path: name }) => foldersOf(fold(name))));
  const taken = new Map<string, string>();
  const placed: Placed = { files: [], skipped: [] };
  for (const { object, path: name } of named) {
    const reason = reasonToSkip(name);
    if (reason) placed.skipped.push({ path: name, reason });
    else placed.files.push({ object, path: name, file: path.join(folder, name) });
    if (!reason) taken.set(fold(name), name);
  }
  return placed;

  function reasonToSkip(name: string): string | undefined {
    if (!isPlainPath(name)) return 'has a name that no file can have';
    if (name.startsWith(`${PARTS_FOLDER}/`)) return 'has the name of the folder for interrupted downloads';
    if (folders.has(fold(name))) return 'is a file, and other results need a folder of that name';
    const other = taken.get(fold(name));
    return other && `differs from ${other} only in case, and this disk ignores case`;
  }

  function fold(name: string): string {
    return ignoresCase ? name.normalize('NFC').toLowerCase() : name;
  }
}

function foldersOf(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

/** No empty part, `.`, `..` or NUL. */
function isPlainPath(name: string): boolean {
  return (
    !name.includes('\0') && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}
