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
/** What fan-out put where, so that a later one knows its own files from changed ones. */
export const fanOutRecord = (directory: string) => path.join(directory, RESULTS_FOLDER, '.fan-out.json');

/** One object of a run's results and its file. */
export interface ResultFile {
  object: ObjectInfo;
  /** Below the results, with slashes: `data/x.csv`. */
  path: string;
  file: string;
}

/** The files of a run's objects. An object whose name would lead out of the folder has none. */
export function resultFiles(objects: ObjectInfo[], runId: string, folder: string): ResultFile[] {
  const prefix = `${resultsPrefix(runId)}/`;
  return objects.flatMap((object) => {
    const below = object.name.slice(prefix.length);
    return isPlainPath(below) ? [{ object, path: below, file: path.join(folder, below) }] : [];
  });
}

/** No empty part, `.` or `..`: also a "folder" object, whose name ends in a slash, is none. */
function isPlainPath(below: string): boolean {
  return below.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
